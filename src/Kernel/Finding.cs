namespace Stipend.Kernel;

/// <summary>Something that <c>stipend verify</c> found not to be as it must.</summary>
/// <param name="Table">The table, with its schema.</param>
/// <param name="Row">The row, as <c>column=value</c> of its key.</param>
/// <param name="Problem">What does not match, and what it should be.</param>
public sealed record Finding(string Table, string Row, string Problem)
{
    public override string ToString() => $"{Table} ({Row}): {Problem}";
}
