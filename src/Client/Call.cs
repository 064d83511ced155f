using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client;

/// <summary>One run of a verb: what was typed, where to write, whom to ask.</summary>
public sealed class Call(ParseResult parse, Output output, GuerdonClient server)
{
    public Output Output => output;

    /// <summary>The server's address.</summary>
    public Uri Server => server.Address;

    /// <summary>Whether <c>--token</c> was typed.</summary>
    public bool IsTokenTyped => server.IsTokenTyped;

    public DateOnly Today => DateOnly.FromDateTime(output.Surroundings.Clock.GetUtcNow().UtcDateTime);

    public T? Value<T>(Option<T> option) => parse.GetValue(option);

    public T Value<T>(Argument<T> argument) => parse.GetRequiredValue(argument);

    /// <summary>An argument that may be left out.</summary>
    public T? ValueOrNull<T>(Argument<T?> argument) => parse.GetValue(argument);

    public Task<Answer> GetAsync(string doing, string address, CancellationToken ct) =>
        SendAsync(doing, HttpMethod.Get, address, null, GuerdonClient.Soon, ct);

    /// <summary>The same for a file that takes as long as it is large.</summary>
    public Task<Answer> GetLongAsync(string doing, string address, CancellationToken ct) =>
        SendAsync(doing, HttpMethod.Get, address, null, GuerdonClient.LongCall, ct);

    /// <summary>Asks without showing progress of its own, for work that shows it already.</summary>
    public async Task<Answer> AskAsync(string address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        return await server.SendAsync(request, GuerdonClient.Soon, ct);
    }

    public Task<Answer> DeleteAsync(string doing, string address, CancellationToken ct) =>
        SendAsync(doing, HttpMethod.Delete, address, null, GuerdonClient.Soon, ct);

    public Task<Answer> PostAsync<T>(
        string doing, string address, T body, JsonTypeInfo<T> type, CancellationToken ct) =>
        SendAsync(doing, HttpMethod.Post, address, Json(body, type), GuerdonClient.LongCall, ct);

    /// <summary>Asks for something that needs no body.</summary>
    public Task<Answer> PostAsync(string doing, string address, CancellationToken ct) =>
        SendAsync(doing, HttpMethod.Post, address, null, GuerdonClient.Soon, ct);

    public Task<Answer> PutAsync<T>(
        string doing, string address, T body, JsonTypeInfo<T> type, CancellationToken ct) =>
        SendAsync(doing, HttpMethod.Put, address, Json(body, type), GuerdonClient.Soon, ct);

    /// <summary>Sends a file, or standard input, as it is.</summary>
    public async Task<Answer> PostFileAsync(
        string doing, string address, string file, string mediaType, CancellationToken ct)
    {
        await using var stream = file == Values.StandardInput ? output.Surroundings.OpenInput() : File.OpenRead(file);
        var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType) { CharSet = "utf-8" };
        return await SendAsync(doing, HttpMethod.Post, address, content, GuerdonClient.LongCall, ct);
    }

    /// <summary>Sends a form with fields and a file, or standard input.</summary>
    public async Task<Answer> PostFormAsync(
        string doing, string address, string file, IReadOnlyList<(string Name, string Value)> fields, string fileField,
        CancellationToken ct)
    {
        await using var stream = file == Values.StandardInput ? output.Surroundings.OpenInput() : File.OpenRead(file);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value, Encoding.UTF8), name);
        form.Add(new StreamContent(stream), fileField, "file");
        return await SendAsync(doing, HttpMethod.Post, address, form, GuerdonClient.LongCall, ct);
    }

    /// <summary>Shows a reply, or the no.</summary>
    /// <param name="answer">From the server.</param>
    /// <param name="type">How to read the reply.</param>
    /// <param name="show">Writes it and gives the exit code; not called with <c>--json</c>.</param>
    public int Show<T>(Answer answer, JsonTypeInfo<T> type, Func<T, int> show)
    {
        if (answer.No is { } no) return output.Refuse(no);
        if (output.IsJson)
        {
            output.Json(answer.Reply);
            return ExitCodes.Done;
        }

        return Read(answer.Reply, type, out var reply) ? show(reply) : Unreadable();
    }

    /// <summary>Shows a reply by its own property names, or the no.</summary>
    public int Show(Answer answer, Action<JsonElement> show)
    {
        if (answer.No is { } no) return output.Refuse(no);
        if (answer.Reply.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return Unreadable();
        try
        {
            return output.Done(answer.Reply, show);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Unreadable(); // a property is not there, or of another kind
        }
    }

    /// <summary>Refuses because of the rows that a reply lists under <c>errors</c>.</summary>
    public int RefuseRows(JsonElement reply, string where)
    {
        var errors = Problem.ErrorsIn(reply);
        reply.TryGetProperty("errorCount", out var count); // all of them; the list may be cut
        var total = count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out var n) ? n : errors.Count;
        var refused = ClientRefusals.RowsRefused.With($"{Wording.Count(total, "error")} in {where}.");
        return output.Refuse(refused, reply, errors, total);
    }

    /// <summary>Says that what was typed makes no sense together, and where help is.</summary>
    public int Misuse(string reason) => output.Misuse(Terminal.Parsing.Misuse.Line(parse.CommandResult, reason));

    /// <summary>Reads a reply into its record; a missing property is an error, not a zero.</summary>
    public static bool Read<T>(JsonElement element, JsonTypeInfo<T> type, out T reply)
    {
        reply = default!;
        try
        {
            if (element.ValueKind == JsonValueKind.Undefined || element.Deserialize(type) is not { } read) return false;
            reply = read;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public int Unreadable() =>
        output.Refuse(ClientRefusals.ReplyUnreadable.With(
            "The server's reply does not have the form that this guerdon expects."));

    /// <summary>A path with a query, without what is null.</summary>
    public static string Address(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var text = new StringBuilder(path);
        foreach (var (name, value) in query)
        {
            if (value is null) continue;
            text.Append(text.Length == path.Length ? '?' : '&');
            text.Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }

    public static string Iso(DateOnly day) => Shown.Day(day);

    private static StringContent Json<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.Serialize(body, type), Encoding.UTF8, "application/json");

    private Task<Answer> SendAsync(
        string doing, HttpMethod method, string address, HttpContent? body, TimeSpan limit, CancellationToken ct) =>
        Progress.WhileAsync(output, doing, async _ =>
        {
            using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = body };
            return await server.SendAsync(request, limit, ct);
        });
}
