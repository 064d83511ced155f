using System.Globalization;

namespace Guerdon.Bench;

/// <summary>Figures of several rounds, printed as medians beside one of them.</summary>
internal sealed class Table(string unit, string baseline)
{
    private readonly List<(string Name, List<double> Rounds, string Note)> _rows = [];

    public void Add(string name, double figure, string note = "")
    {
        var row = _rows.Find(r => r.Name == name);
        if (row.Name is null) _rows.Add(row = (name, [], note));
        row.Rounds.Add(figure);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-44} {figure,12:N0} {unit}"));
    }

    public double Median(string name) => Median(_rows.Find(r => r.Name == name).Rounds);

    public void Print()
    {
        var reference = Median(baseline);
        Console.WriteLine();
        Console.WriteLine($"| what | median {unit} | min to max | ratio to {baseline} |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, rounds, note) in _rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name}{(note.Length > 0 ? $" ({note})" : "")} | {Median(rounds):N0} | {rounds.Min():N0} to {rounds.Max():N0} | {Median(rounds) / reference:N2} |"));
    }

    public static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
