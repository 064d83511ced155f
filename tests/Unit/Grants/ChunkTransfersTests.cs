using Guerdon.Grants;
using Guerdon.Grants.Lines;
using Guerdon.Grants.Runs;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Unit.People;

namespace Guerdon.Unit.Grants;

/// <summary>What one chunk of a run posts: the pool is funded once, and grants all of it on.</summary>
public sealed class ChunkTransfersTests
{
    private static readonly RunId Run = new(Guid.Parse("00000000-0000-7000-8000-0000000000aa"));
    private static readonly PoolId Pool = new(Guid.Parse("00000000-0000-7000-8000-0000000000bb"));

    private static GrantLine Line(DateOnly? vestsFrom = null)
    {
        var terms = new GrantTerms(GrantRulesTests.Plan, 2, new Period(2026, 11), 1_000, DateTimeOffset.UnixEpoch);
        return GrantRules.For(terms, PersonTests.Ada, PersonHistory.None).Lines[0] with { VestFrom = vestsFrom };
    }

    private static IReadOnlyList<Transfer> Of(params GrantLine[] lines) =>
        ChunkTransfers.Of(Run, 3, Pool, [.. lines.Select((line, i) => new StoredLine(i, line, line.Evidence()))]);

    [Fact]
    public void Of_TwoLines_FundsThePoolWithTheirSum()
    {
        var (line, other) = (Line(), Line() with { Term = "2026-12" });
        var transfers = Of(line, other);

        Assert.Equal([TransferKind.Fund, TransferKind.Grant, TransferKind.Grant], transfers.Select(t => t.Kind));
        var fund = transfers[0];
        Assert.Equal((WalletId.Treasury, new WalletId(Pool.Value)), (fund.Wallet, fund.To!.Value));
        Assert.Equal(line.Amount.Tokens + other.Amount.Tokens, fund.Amount);
        Assert.Equal(($"fund:{Run}:3", Run.Value, line.Asset), (fund.Key, fund.SourceId!.Value, fund.Asset));
    }

    [Fact]
    public void Of_ALine_GoesFromThePoolToThePersonWithItsEvidence()
    {
        var line = Line();
        var grant = Of(line)[1];

        Assert.Equal((new WalletId(Pool.Value), new WalletId(line.Person.Value)), (grant.Wallet, grant.To!.Value));
        Assert.Equal((line.Key, line.Amount.Tokens, line.Terms), (grant.Key, grant.Amount, grant.NewLot!));
        Assert.Equal(line.Evidence(), grant.Evidence);
    }

    [Fact]
    public void Of_ALineThatVests_IsAnAward() =>
        Assert.Equal(TransferKind.Award, Of(Line(new DateOnly(2026, 11, 1)))[1].Kind);
}
