using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Terminal.Writing;

/// <summary>A refusal as a server tells it (RFC 9457).</summary>
/// <param name="Title">The refusal's code.</param>
/// <param name="Detail">What exactly was wrong.</param>
/// <param name="NextStep">What to do about it.</param>
/// <param name="Errors">Rows of a file that are wrong.</param>
public sealed record Problem(string Title, string? Detail, string? NextStep, IReadOnlyList<RowError> Errors)
{
    /// <summary>Reads it from a reply; null where that is no problem at all.</summary>
    public static Problem? From(JsonElement reply)
    {
        if (reply.ValueKind != JsonValueKind.Object || Text(reply, "title") is not { } title) return null;
        return new Problem(title, Text(reply, "detail"), Text(reply, "nextStep"), ErrorsIn(reply));
    }

    /// <summary>The rows listed under <c>errors</c>, in a problem or in a dry run's reply.</summary>
    public static IReadOnlyList<RowError> ErrorsIn(JsonElement reply)
    {
        if (reply.ValueKind != JsonValueKind.Object || !reply.TryGetProperty("errors", out var errors)) return [];
        return errors.ValueKind switch
        {
            JsonValueKind.Array => [.. errors.EnumerateArray().Select(RowIn)],
            // An object, because ASP.NET's own validation lists the reasons under each field's name.
            JsonValueKind.Object => [.. errors.EnumerateObject().Select(f => new RowError(0, f.Name, Words(f.Value)))],
            _ => [],
        };
    }

    private static RowError RowIn(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object) return new RowError(0, null, Words(error));
        error.TryGetProperty("line", out var at);
        var line = at.ValueKind == JsonValueKind.Number && at.TryGetInt32(out var number) ? number : 0;
        return new RowError(
            line, Text(error, "column") ?? Number(error, "column"), Text(error, "reason") ?? error.GetRawText());
    }

    // A number is read too, since the column is a name in a table and a place in a file of lines.
    private static string? Number(JsonElement value, string name) =>
        value.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetRawText()
            : null;

    private static string Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(" ", value.EnumerateArray().Select(Words)),
        _ => value.GetRawText(),
    };

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
