using Guerdon.Kernel;

namespace Guerdon.People.Employees;

/// <summary>Everything wrong with a file. All are counted; the first ten thousand are there to be shown.</summary>
internal sealed class RowErrors
{
    private const int Kept = 10_000;
    private readonly List<RowError> _list = [];

    public int Count { get; private set; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<RowError> InOrder => [.. _list.OrderBy(e => e.Line)];

    public void Add(int line, string? column, string reason) => Add(new RowError(line, column, reason));

    public void Add(RowError error)
    {
        Count++;
        if (_list.Count < Kept) _list.Add(error);
    }
}
