using System.Text.Json.Serialization;

namespace Guerdon.Kernel;

/// <summary>What becomes of a finding for the rest of <c>guerdon verify</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingKind>))]
public enum FindingKind
{
    /// <summary>Something is not as it must be; all else can still be compared.</summary>
    Differs,

    /// <summary>The table is gone, or a column of it: what it holds cannot be compared.</summary>
    TableBroken,

    /// <summary>The view that the row names is gone or another one: what is read by it cannot be compared.</summary>
    ViewBroken,
}

/// <summary>Something that <c>guerdon verify</c> found not to be as it must.</summary>
/// <param name="Table">The table, with its schema.</param>
/// <param name="Row">The row, as <c>column=value</c> of its key.</param>
/// <param name="Problem">What does not match, and what it should be.</param>
/// <param name="Kind">Whether the rest can still be compared.</param>
public sealed record Finding(string Table, string Row, string Problem, FindingKind Kind = FindingKind.Differs)
{
    public override string ToString() => $"{Table} ({Row}): {Problem}";
}
