using System.CommandLine;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary>What the verbs of <c>guerdon reconcile</c> share: replies as the server tells them, and how they are
/// shown.</summary>
internal static class ReconcileVerbs
{
    private const int RowsShown = 100;

    internal sealed record Used(long Input, long CachedInput, long CacheWrite5m, long CacheWrite1h, long Output)
    {
        public long InputTotal => Input + CachedInput + CacheWrite5m + CacheWrite1h;

        public override string ToString() => $"{InputTotal:#,0} / {Output:#,0}";
    }

    internal sealed record Window(
        string Provider, string Model, DateTimeOffset From, DateTimeOffset To, string State, long Calls,
        long Estimated, Used Booked, Used Corrected, Used Reported, Used Unexplained, Used OtherKeys,
        IReadOnlyList<string> Why, long? ReportedCalls = null);

    public static Option<string?> Provider(string description) => new("--provider")
    {
        Description = description, HelpName = "NAME",
    };

    /// <summary>Windows as a table, tokens as input / output, and under it why some do not match.</summary>
    public static void Show(Output output, IReadOnlyList<Window> windows)
    {
        if (windows.Count == 0) return;
        var table = new TextTable().Left("Provider").Left("Model").Left("From").Left("Of").Right("Calls")
            .Right("Estimated").Right("Booked").Right("Corrected").Right("Reported").Right("Unexplained")
            .Left("State");
        foreach (var w in windows.Take(RowsShown))
            table.Row(
                w.Provider, w.Model, Shown.Time(w.From), Length(w.From, w.To), $"{w.Calls:#,0}", $"{w.Estimated:#,0}",
                $"{w.Booked}", $"{w.Corrected}", $"{w.Reported}", $"{w.Unexplained}", w.State);

        output.Line("Tokens as input / output.");
        output.Table(table);
        More(output, windows.Count);
        foreach (var w in windows.Take(RowsShown).Where(w => w.Why.Count > 0))
            output.Line($"{w.Model}, {Shown.Time(w.From)}: {string.Join(" ", w.Why)}");
        output.Line();
    }

    public static void More(Output output, int count)
    {
        if (count > RowsShown) output.Line($"and {count - RowsShown:#,0} more; --json has all.");
    }

    public static IEnumerable<T> First<T>(IReadOnlyList<T> rows) => rows.Take(RowsShown);

    /// <summary>How much time a window or bucket is of: <c>1 d</c>, <c>3 h</c>, <c>1 min</c>.</summary>
    public static string Length(DateTimeOffset from, DateTimeOffset to)
    {
        var minutes = (long)(to - from).TotalMinutes;
        return minutes % 1_440 == 0 ? $"{minutes / 1_440} d"
            : minutes % 60 == 0 ? $"{minutes / 60} h" : $"{minutes} min";
    }
}
