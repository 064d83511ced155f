using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.GeneralLedger;

namespace Guerdon.Unit.Payroll;

/// <summary>The general ledger in works-council mode: use once a month, pay entry by entry.</summary>
public sealed class GlMonthsTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly WalletId Ada = new(new Guid(2, 0, 0, new byte[8]));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static GlEntry Entry(
        DateOnly day, TransferKind kind, long amount, string tax = "work_compute", string centre = "CC-1") => new(
        day, new DateTimeOffset(day.ToDateTime(default), TimeSpan.Zero), "tra_1", Ada, 3,
        kind.ToString().ToLowerInvariant(), tax, centre,
        [
            new("Spent", GlRules.Compute, amount), new("Held", GlRules.Compute, -amount),
            new("Cost", GlRules.Usd, amount * 7), new("Clearing", GlRules.Usd, -amount * 7),
        ]);

    private static async Task<List<GlEntry>> OfAsync(params GlEntry[] entries)
    {
        var all = new List<GlEntry>();
        await foreach (var entry in GlMonths.Of(entries.ToAsyncEnumerable(), Berlin, Ct)) all.Add(entry);
        return all;
    }

    [Fact]
    public async Task Use_IsOneEntryOfTheMonth_OfNobody_AndAddsUpToTheSame()
    {
        GlEntry[] entries =
        [
            Entry(new(2026, 10, 1), TransferKind.Grant, 50), Entry(new(2026, 10, 2), TransferKind.Settle, 3),
            Entry(new(2026, 10, 9), TransferKind.Settle, 4, centre: "CC-2"),
            Entry(new(2026, 10, 31), TransferKind.Spend, 5), Entry(new(2026, 10, 31), TransferKind.Settle, 6, "perk"),
            Entry(new(2026, 11, 1), TransferKind.Convert, 9), Entry(new(2026, 11, 5), TransferKind.Settle, 8),
        ];
        var written = await OfAsync(entries);
        Assert.Equal(
            [
                "2026-10-01 grant work_compute CC-1 50", "2026-10-31 settle perk  6",
                "2026-10-31 settle work_compute  7",
                "2026-10-31 spend work_compute  5", "2026-11-01 convert work_compute CC-1 9",
                "2026-11-30 settle work_compute  8",
            ],
            written.Select(e => $"{e.Day:yyyy-MM-dd} {e.Kind} {e.TaxClass} {e.CostCentre} "
                + e.Postings.Single(p => p.Account == "Spent").Amount));
        Assert.Equal(SumsOf(entries), SumsOf(written));
        foreach (var use in written.Where(e => e.Kind is "settle" or "spend"))
        {
            Assert.Null(use.Wallet);
            Assert.Equal((0, $"{use.Day:yyyy-MM}"), (use.Lot, use.Source));
        }

        Assert.Equal(Ada, written[0].Wallet);
        Assert.Equal(new DateTimeOffset(2026, 10, 31, 22, 59, 59, TimeSpan.Zero), Whole(written[1].At)); // UTC+1
        Assert.True(written.Zip(written.Skip(1)).All(two => two.First.At <= two.Second.At.AddDays(1)));
    }

    // Each kind whose amount is what somebody used, or did not, leaves with its wallet.
    [Fact]
    public async Task EveryKind_IsPay_OrOfNobody()
    {
        TransferKind[] pay =
        [
            TransferKind.Fund, TransferKind.Grant, TransferKind.Award, TransferKind.Vest, TransferKind.Forfeit,
            TransferKind.Convert, TransferKind.Reconvert,
        ];
        // Moves that the general ledger does not see: within what somebody has.
        TransferKind[] unseen = [TransferKind.Draw, TransferKind.Return, TransferKind.Lock, TransferKind.Unlock];
        foreach (var kind in Enum.GetValues<TransferKind>().Except(unseen))
            Assert.Equal(
                pay.Contains(kind), (await OfAsync(Entry(new(2026, 10, 2), kind, 3))).Single().Wallet is not null);
    }

    [Theory]
    [InlineData("2026-10-01", "2026-11-01", true)]
    [InlineData("2026-08-01", "2026-11-01", true)]
    [InlineData("2026-10-02", "2026-11-01", false)]
    [InlineData("2026-10-01", "2026-10-31", false)]
    [InlineData("2026-11-01", "2026-12-01", false)] // still runs
    [InlineData("2026-10-01", "2026-11-30", false)]
    public void Span_IsOfMonthsThatAreOver(string from, string to, bool isTaken) => Assert.Equal(
        isTaken, GlMonths.Wrong(DateOnly.Parse(from), DateOnly.Parse(to), new(2026, 11, 21)) is null);

    private static DateTimeOffset Whole(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));

    private static string SumsOf(IEnumerable<GlEntry> entries) => string.Join(' ', entries
        .SelectMany(entry => entry.Postings).GroupBy(p => (p.Account, p.Commodity))
        .OrderBy(one => one.Key.Account, StringComparer.Ordinal)
        .Select(one => $"{one.Key.Account} {one.Sum(p => p.Amount)}"));
}
