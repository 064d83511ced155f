using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Reconciliation;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Metering;

public sealed class ComparisonTests
{
    private const string M = "gpt-x";
    private static readonly DateTime Start = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly List<ExactUse> _exact = [];
    private readonly List<Estimate> _estimates = [];
    private readonly List<OpenUse> _open = [];
    private readonly Dictionary<(string, int), Reported> _reported = [];
    private int _days = 1;
    private bool _isOver = true;
    private bool _isPriced = true;

    private static Usage Use(long input, long output) => new() { Input = input, Output = output };

    private void Booked(long input, long output, int first = 1, int? last = null) =>
        _exact.Add(new(M, first, last ?? first, 1, Use(input, output), 0));

    private void Estimated(long input, long output, long held = 1_000_000, int first = 1, int? last = null)
    {
        var n = _estimates.Count + 1;
        _estimates.Add(new()
        {
            Wallet = new(new Guid(n, 0, 0, new byte[8])), Id = new(new Guid(n, 1, 0, new byte[8])), StartedAt = Start,
            Called = M, Model = M, First = first, Last = last ?? first, Booked = Use(input, output),
            BookedCost = new(input + output), Held = new(held), SettledBy = Guid.Empty, Now = Use(input, output),
            NowCostNanos = input + output, NowCharged = new(input + output),
        });
    }

    private void Report(long input, long output, int place = 1, long? calls = null, Usage others = default) =>
        _reported[(M, place)] = new(Use(input, output), others, calls, 0);

    private IReadOnlyList<Compared> Run() => new Comparison(
        [.. Enumerable.Range(0, _days).Select(d => new Span(Start.AddDays(d), Start.AddDays(d + 1), _isOver, default))],
        new(_exact, _estimates, _open),
        (_, usage) => _isPriced
            ? new(Guid.Empty, 1_000, new(new(usage.Total), new(usage.Total))) : (Priced?)null).Run(_reported);

    private Compared Single() => Assert.Single(Run());

    private static IEnumerable<(long, long)> New(Compared w) =>
        w.Corrections.Select(c => (c.Usage.TotalInput, c.Usage.Output));

    [Fact]
    public void Run_SameFigures_IsBalanced()
    {
        Booked(100, 10);
        Booked(50, 5);
        Report(150, 15, calls: 2);
        Assert.Equal(WindowState.Balanced, Single().State);
    }

    [Fact]
    public void Run_EstimatedCalls_GetWhatIsLeftInProportion()
    {
        Booked(100, 10);
        Estimated(300, 10);
        Estimated(100, 30);
        Report(100 + 200, 10 + 20, calls: 3);
        var window = Single();
        Assert.Equal(WindowState.Correctable, window.State);
        Assert.Equal([(150, 5), (50, 15)], New(window));
        Assert.Equal((-200, -20), (window.Difference.Input, window.Difference.Output));
    }

    [Fact]
    public void Run_LostCallBesideOthers_AllGoByWhatTheyWereBookedAt()
    {
        Estimated(30, 10);
        Estimated(0, 0);
        _estimates[1] = _estimates[1] with { BookedCost = new(120) }; // at its hold
        Report(400, 80);
        Assert.Equal([(100, 20), (300, 60)], New(Single()));
    }

    [Fact]
    public void Run_OneTokenTooMany_IsUnexplained()
    {
        Booked(100, 10);
        Report(101, 10);
        Assert.Equal(WindowState.Unexplained, Single().State);
    }

    [Fact]
    public void Run_LessThanIsCertain_IsUnexplained()
    {
        Booked(100, 10);
        Estimated(50, 5);
        Report(99, 12);
        Assert.Equal(WindowState.Unexplained, Single().State);
    }

    [Fact]
    public void Run_MoreCallsThanBooked_IsAnothers()
    {
        Estimated(50, 5);
        Report(80, 8, calls: 2);
        Assert.Equal(WindowState.Unexplained, Single().State);
    }

    [Fact]
    public void Run_MoreThanTheirHolds_IsAnothers()
    {
        Estimated(50, 5, held: 100);
        Report(90, 10);
        Assert.Equal(WindowState.Correctable, Single().State);
        Report(91, 10);
        Assert.Equal(WindowState.Unexplained, Single().State);
    }

    [Fact]
    public void Run_NotOverYetOrInFlight_IsOpen()
    {
        Estimated(50, 5);
        Report(40, 5);
        _isOver = false;
        Assert.Equal(WindowState.Open, Single().State);
        _isOver = true;
        _open.Add(new(M, 1, 1));
        Assert.Equal(WindowState.Open, Single().State);
    }

    [Fact]
    public void Run_ModelWithoutAPrice_IsUnexplained()
    {
        _isPriced = false;
        Estimated(50, 5);
        Report(40, 5);
        Assert.Equal(WindowState.Unexplained, Single().State);
    }

    [Fact]
    public void Run_OtherKeys_AreToldAndNotCompared()
    {
        Booked(100, 10);
        Report(100, 10, others: Use(7, 7));
        var window = Single();
        Assert.Equal((WindowState.Balanced, 7), (window.State, window.Reported.Others.Input));
    }

    [Fact]
    public void Run_CallAcrossMidnight_IsSettledOverBothDays()
    {
        _days = 2;
        Booked(100, 10, first: 1, last: 2); // the provider counts it when it ends
        Booked(20, 2, first: 2);
        Report(120, 12, place: 2);
        var window = Single();
        Assert.Equal((WindowState.Balanced, Start, Start.AddDays(2)), (window.State, window.From, window.To));
    }

    [Fact]
    public void Run_CallAcrossMidnightCountedAtItsStart_LeavesTheDaysApart()
    {
        _days = 2;
        Booked(100, 10, first: 1, last: 2);
        Booked(20, 2, first: 2);
        Report(100, 10);
        Report(20, 2, place: 2);
        Assert.Equal([WindowState.Balanced, WindowState.Balanced], Run().Select(w => w.State));
    }

    [Fact]
    public void Run_CallIntoADayNotReported_IsOpen()
    {
        Booked(100, 10, first: 1, last: 0);
        Estimated(50, 5);
        Report(40, 4);
        var window = Single();
        Assert.Equal(WindowState.Open, window.State);
        Assert.Contains("neighbouring", Assert.Single(window.Why), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CallsAcrossEveryMidnight_StopAtThreeDays()
    {
        _days = 5;
        for (var day = 1; day < 5; day++) Booked(10, 1, first: day, last: day + 1);
        Report(1, 1);
        var windows = Run();
        Assert.All(windows, w => Assert.True(w.To - w.From <= TimeSpan.FromDays(3)));
        Assert.Equal(Start.AddDays(5), windows[^1].To);
    }

    [Fact]
    public void Rows_PoorWallet_IsChargedAsFarAsItGoes()
    {
        Estimated(10, 0);
        Estimated(10, 0);
        _estimates[1] = _estimates[1] with { Wallet = _estimates[0].Wallet };
        Report(100, 0);
        var corrections = Single().Corrections;
        var rows = CorrectionRow.Of(corrections, new("openai", default, default), default,
            new Dictionary<WalletId, Tokens> { [_estimates[0].Wallet] = new(55) });
        Assert.Equal([(50L, 40L), (25L, 15L)], rows.Select(r => (r.Charged.Milli, r.DeltaMilli)));
    }

    [Fact]
    public void Rows_NeverCharged_StayFree()
    {
        Estimated(10, 0);
        _estimates[0] = _estimates[0] with { SettledBy = null, NowCharged = Tokens.Zero };
        Report(100, 0);
        Assert.Equal(Tokens.Zero, Single().Corrections[0].Due);
    }

    [Fact]
    public void Transfers_TooMuchCharged_GoesBackToTheLotsItCameFromTheLastFirst()
    {
        Estimated(100, 0);
        Report(30, 0);
        var rows = CorrectionRow.Of(
            Single().Corrections, new("openai", default, default), default, new Dictionary<WalletId, Tokens>());
        var transfer = new TransferId(new Guid(9, 0, 0, new byte[8]));
        var transfers = CorrectionTransfers.Of(rows, new Dictionary<(WalletId, Guid), Flushed>
        {
            [(rows[0].Wallet, Guid.Empty)] = new(transfer, [(3, 60), (1, 40)]),
        });
        Assert.Equal([(TransferKind.Refund, 3, 60L), (TransferKind.Refund, 1, 10L)],
            transfers.Select(t => (t.Kind, t.Lot!.Value, t.Amount.Milli)));
        Assert.All(transfers, t => Assert.Equal((transfer, 32), (t.Corrects!.Value, t.Evidence!.Length)));
    }
}
