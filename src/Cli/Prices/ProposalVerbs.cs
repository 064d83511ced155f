using Guerdon.Kernel;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Prices;

/// <summary>A proposal to change the price book as the server tells it, and how it is shown.</summary>
internal static class ProposalVerbs
{
    private const int SkipsShown = 12;

    internal sealed record Head(
        string Format, string Name, string ImportedBy, DateTimeOffset ImportedAt, int NewCount, int ChangedCount,
        int UnchangedCount, int OutlierCount, string? Id = null, Decision? Decision = null, string? WhoMay = null);

    internal sealed record Decision(
        bool IsApproved, string By, DateTimeOffset At, DateTimeOffset? EffectiveFrom = null);

    internal sealed record Page(IReadOnlyList<Head> Proposals);

    internal sealed record Full(Head Proposal, IReadOnlyList<LeftOut> Skips, IReadOnlyList<Line> Lines);

    internal sealed record Decided(Head Proposal, bool Done);

    internal sealed record LeftOut(string Reason, int Count, IReadOnlyList<string> Examples);

    internal sealed record Line(
        string Model, string Provider, IReadOnlyList<Change> Changes, IReadOnlyList<string> Outliers,
        Prices? Was = null, Prices? Becomes = null)
    {
        /// <summary>The model, and the service tier where it is not the standard one.</summary>
        public string Named => Becomes is { ServiceTier: not Prices.Standard } tier
            ? $"{Model} ({tier.ServiceTier.ToLowerInvariant()})" : Model;
    }

    /// <summary>Only whether there was a price, and of what tier; <see cref="Change"/> has the figures.</summary>
    internal sealed record Prices(string Model, string ServiceTier = Prices.Standard)
    {
        public const string Standard = "Standard";
    }

    internal sealed record Change(
        string Figure, string Unit, long? Was = null, long? Becomes = null, long? ChangePpm = null);

    /// <summary>New prices, changed figures, outliers with their reason, and what is left out.</summary>
    public static void Show(Output output, Full full)
    {
        New(output, [.. full.Lines.Where(l => l.Was is null)]);
        Changed(output, [.. full.Lines.Where(l => l.Was is not null)]);
        Outliers(output, [.. full.Lines.Where(l => l.Outliers.Count > 0)]);
        Skipped(output, full.Skips);
        var head = full.Proposal;
        output.Line(
            $"{head.NewCount:#,0} new, {head.ChangedCount:#,0} changed, {head.UnchangedCount:#,0} unchanged,"
            + $" {full.Skips.Sum(s => s.Count):#,0} skipped; {Wording.Count(head.OutlierCount, "outlier")}.");
    }

    /// <summary>What became of it, in a few words.</summary>
    public static string State(Head head) => head.Decision switch
    {
        null => $"waits for {head.WhoMay ?? "approval"}",
        { IsApproved: true, EffectiveFrom: { } from } d => $"approved by {d.By}, in effect from {Shown.Time(from)}",
        { } d => $"declined by {d.By}",
    };

    /// <summary>Millionths as percent: <c>+12.5 %</c>.</summary>
    public static string Percent(long? ppm) =>
        ppm is { } p ? $"{(p > 0 ? "+" : "")}{Decimals.Format(p, 4, minDecimals: 0)} %" : "";

    private static void New(Output output, IReadOnlyList<Line> lines)
    {
        if (lines.Count == 0) return;
        var table = new TextTable().Left("New model").Left("Provider").Right("Input").Right("Cached").Right("Output")
            .Left("USD per million");
        foreach (var line in lines)
        {
            string Figure(string name) =>
                line.Changes.FirstOrDefault(c => c.Figure == name)?.Becomes is { } nanos ? Shown.Price(nanos) : "";
            var over = line.Changes.FirstOrDefault(c => c.Figure == "over")?.Becomes;
            IEnumerable<string> also =
            [
                over is null ? "" : $"over {over:#,0} tokens {Figure("tier input")} and {Figure("tier output")}",
                .. line.Changes.Where(c => c.Figure.StartsWith("audio ", StringComparison.Ordinal)
                    || c.Figure.StartsWith("image ", StringComparison.Ordinal)
                    || c.Figure.EndsWith(" fee", StringComparison.Ordinal))
                    .Select(c => $"{c.Figure} {Figure(c.Figure)}"),
            ];
            table.Row(line.Named, line.Provider, Figure("input"), Figure("cached input"), Figure("output"),
                string.Join(", ", also.Where(text => text.Length > 0)));
        }

        output.Table(table);
        output.Line();
    }

    private static void Changed(Output output, IReadOnlyList<Line> lines)
    {
        if (lines.Count == 0) return;
        var table = new TextTable().Left("Changed model").Left("Figure").Right("Was").Right("Becomes").Right("By");
        foreach (var (line, change) in lines.SelectMany(l => l.Changes.Select(c => (l, c))))
            table.Row(line.Named, change.Figure, Text(change.Was, change.Unit), Text(change.Becomes, change.Unit),
                Percent(change.ChangePpm));

        output.Table(table);
        output.Line();
    }

    private static void Outliers(Output output, IReadOnlyList<Line> lines)
    {
        if (lines.Count == 0) return;
        var table = new TextTable().Left("Outlier").Left("Why");
        foreach (var (line, reason) in lines.SelectMany(l => l.Outliers.Select(o => (l, o))))
            table.Row(line.Named, reason);

        output.Table(table);
        output.Line();
    }

    private static void Skipped(Output output, IReadOnlyList<LeftOut> skips)
    {
        if (skips.Count == 0) return;
        var table = new TextTable().Right("Skipped").Left("Why").Left("Such as");
        foreach (var skip in skips.Take(SkipsShown))
            table.Row($"{skip.Count:#,0}", skip.Reason, string.Join(", ", skip.Examples));

        output.Table(table);
        if (skips.Count > SkipsShown) output.Line($"and for {Wording.Count(skips.Count - SkipsShown, "more reason")}.");
        output.Line();
    }

    private static string Text(long? value, string unit) =>
        value is not { } v ? "none" : unit == "tokens" ? $"{v:#,0}" : Shown.Price(v);
}
