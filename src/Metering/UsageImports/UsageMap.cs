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
    public static UsageMap? Parse(string text, out Refused? refused)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        refused = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair is not [var name, { Length: > 0 } column]) refused = Wrong($"'{part}' is not name=column.");
            else if (!Names.Contains(name))
                refused = Wrong($"'{name}' cannot be mapped; there are {string.Join(", ", Names)}.");
            else if (!found.TryAdd(name, column)) refused = Wrong($"'{name}' is mapped twice.");
            if (refused is not null) return null;
        }

        foreach (var needed in (string[])["time", "input", "output"])
        {
            if (found.ContainsKey(needed)) continue;
            refused = Wrong($"'{needed}' is not mapped.");
            return null;
        }

        return new(found["time"], found["input"], found["output"], found.GetValueOrDefault("cached"),
            found.GetValueOrDefault("person"), found.GetValueOrDefault("model"), found.GetValueOrDefault("id"));
    }

    private static Refused Wrong(string detail) => MeteringRefusals.MapInvalid.With(detail);
}
