using System.Globalization;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Plans;
using Guerdon.Storage;
using Guerdon.Vesting;

namespace Guerdon.Grants.Vesting;

/// <summary>A grant of which something may vest now.</summary>
public sealed record DueGrant(
    RunId Run, int Line, long VestedMilli, DateOnly NextOn, WalletId Wallet, string Kind, string Term, long AmountMilli,
    DateOnly VestFrom, Asset Asset, int Lot, Guid Plan, DateOnly? LeftOn, IReadOnlyList<string> Facts)
{
    /// <summary>Nothing vests after this day, since its owner's departure waits; null: it does not.</summary>
    public DateOnly? HeldAfter { get; init; }

    /// <summary>A row of DueVesting.sql, but for <see cref="HeldAfter"/>.</summary>
    public static DueGrant Read(Row row) => new(
        row.Id<RunId>("run_id"), row.Int4("line"), row.Bigint("vested_milli"), row.Date("next_on"),
        row.Id<WalletId>("person_id"), row.Text("kind"), row.Text("term"), row.Bigint("amount_milli"),
        row.Date("vest_from"), (Asset)row.Smallint("asset"), row.Int4("lot"), row.Uuid("plan_id"),
        row.DateOrNull("left_on"), row.Get<string[]>("facts"));

    /// <summary>What is known of it by the end of a day.</summary>
    public VestingFacts FactsBy(DateOnly today)
    {
        var facts = Facts.Select(f => f.Split(' ')).ToArray();
        return new VestingFacts(VestFrom)
        {
            Events = [.. facts.Where(f => f[0] == "event").Select(f => new VestingHappened(f[2], Day(f[1])))],
            Accelerations = [.. facts.Where(f => f[0] == "acceleration").Select(f => new VestingAcceleration(
                Day(f[1]), f[3].Length == 0 ? null : long.Parse(f[3], CultureInfo.InvariantCulture)))],
            Leaving = LeftOn is { } left && left < today ? new VestingLeaving(left) : null,
        };

        static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}

/// <summary>What a day does to a grant that vests. No I/O.</summary>
/// <param name="VestMilli">Becomes available now.</param>
/// <param name="ForfeitMilli">Goes back now, since nothing more will vest.</param>
/// <param name="NextOn">When to look again; null: nothing more is to come.</param>
public readonly record struct VestingStep(long VestMilli, long ForfeitMilli, DateOnly? NextOn)
{
    public static VestingStep Of(Plan plan, DueGrant grant, DateOnly today)
    {
        var terms = VestingState.TermsOf(plan, grant.Kind, grant.Term);
        var facts = grant.FactsBy(today);
        var schedule = VestingSchedule.Of(terms, grant.AmountMilli, facts);
        var vested = schedule.VestedBy(today);
        if (schedule.NextAfter(today) is { Date: var next }) return new(vested - grant.VestedMilli, 0, next);
        // What waits for an event goes on waiting, unless its owner has left: what a leaver has not got they never get.
        var isOver = vested == grant.AmountMilli || facts.Leaving is not null;
        return new(vested - grant.VestedMilli, isOver ? grant.AmountMilli - vested : 0, isOver ? null : grant.NextOn);
    }

    /// <summary>The same step of the same grant always makes the same transfers.</summary>
    public IReadOnlyList<Transfer> Transfers(DueGrant grant, PoolId pool)
    {
        var transfers = new List<Transfer>(3);
        if (VestMilli > 0)
            transfers.Add(new Transfer
            {
                Kind = TransferKind.Vest, Wallet = grant.Wallet, Asset = grant.Asset, Lot = grant.Lot,
                Amount = new Tokens(VestMilli), Key = $"vest:{Text(grant.Lot)}:{Text(grant.VestedMilli)}",
            });
        if (ForfeitMilli > 0)
            transfers.AddRange(new PoolReturn(grant.Wallet, grant.Asset, grant.Lot, pool, Corrects: null).Of(
                TransferKind.Forfeit, new Tokens(ForfeitMilli), $"forfeit:{grant.Run}:{Text(grant.Line)}"));
        return transfers;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
