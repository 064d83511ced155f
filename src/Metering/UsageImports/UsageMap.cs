using Guerdon.Kernel;

namespace Guerdon.Metering.UsageImports;

/// <summary>Which of a file's columns say what, and what is said for all its rows.</summary>
/// <param name="Time">When a request began.</param>
/// <param name="Input">Its input tokens, cached ones included where there is a column for them.</param>
/// <param name="Output">What it generated.</param>
/// <param name="Cached">How many of its input tokens came from a cache; null: no column.</param>
/// <param name="Person">Whose it was, by e-mail, id or provider's user id; null: assigned by a hash of the row.</param>
/// <param name="Model">Null: all rows have the model named beside the file.</param>
/// <param name="RowId">What a row is known by; null: what it says, and how often it has been said.</param>
internal sealed record UsageMap(
    string Time, string Input, string Output, string? Cached, string? Person, string? Model, string? RowId)
{
    private static readonly string[] Names = ["time", "input", "output", "cached", "person", "model", "id"];

    public IEnumerable<string> Columns =>
        new[] { Time, Input, Output, Cached, Person, Model, RowId }.OfType<string>();

    /// <summary>Reads <c>time=TIMESTAMP,input=ContextTokens,…</c>.</summary>
    public static Result<UsageMap> Parse(string text)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair is not [var name, { Length: > 0 } column]) return Wrong($"'{part}' is not name=column.");
            if (!Names.Contains(name))
                return Wrong($"'{name}' cannot be mapped; there are {string.Join(", ", Names)}.");
            if (!found.TryAdd(name, column)) return Wrong($"'{name}' is mapped twice.");
        }

        foreach (var needed in (string[])["time", "input", "output"])
            if (!found.ContainsKey(needed)) return Wrong($"'{needed}' is not mapped.");

        return new UsageMap(found["time"], found["input"], found["output"], found.GetValueOrDefault("cached"),
            found.GetValueOrDefault("person"), found.GetValueOrDefault("model"), found.GetValueOrDefault("id"));
    }

    private static Refused Wrong(string detail) => MeteringRefusals.MapInvalid.With(detail);
}
