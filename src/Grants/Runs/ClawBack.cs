using Guerdon.Grants.Lines;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Plans;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>Claws back from leavers what they were granted on the condition that they stay. Once per grant; what is not
/// there any more is on record as due and not taken.</summary>
internal sealed partial class ClawBack(
    NpgsqlDataSource db, LedgerWriter ledger, TimeProvider clock, ILogger<ClawBack> log)
    : Job(JobTiming.Hourly("compensation.ClawBack"), db, clock, log)
{
    private static readonly string DueSql = Sql.Read("Grants/Runs/DueClawback.sql");

    private const string Keep = """
        insert into compensation.clawback (
            run_id, line, person_id, left_on, due_milli, taken_milli, explanation, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private readonly ILogger _log = log;

    /// <summary>A grant whose owner has left.</summary>
    internal sealed record Grant(
        RunId Run, int Line, WalletId Wallet, string Kind, string Term, DateOnly From, DateOnly LeftOn, Asset Asset,
        int Lot, TransferId Transfer, long GrantedMilli, long AvailableMilli, long GoneMilli, Guid Plan);

    /// <returns>How many grants something was due of.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        var (done, plans) = (0, new PlanCache(Database));
        foreach (var grant in await DueAsync(Database, Clock.Today(), null, ct))
        {
            var plan = await plans.OfAsync(grant.Plan, ct);
            if (DueOf(plan, grant) is var (due, words) && await TakeAsync(grant, plan, due, words, ct)) done++;
        }

        return done;
    }

    /// <summary>How much more of a grant is due, and why; null: nothing.</summary>
    internal static (long DueMilli, string Words)? DueOf(Plan plan, Grant grant) =>
        plan.RulesOf(grant.Kind, grant.Term.Split('/')[0])?.Clawback is { } rule
        && ClawbackRules.Due(rule, grant.From, grant.LeftOn, grant.GrantedMilli) is var (due, words)
        && due - grant.GoneMilli > 0
            ? (due - grant.GoneMilli, words) : null;

    private async Task<bool> TakeAsync(Grant grant, Plan plan, long due, string words, CancellationToken ct)
    {
        var taken = Math.Min(due, grant.AvailableMilli);
        var back = new PoolReturn(grant.Wallet, grant.Asset, grant.Lot, PoolId.Of(plan.Pool), grant.Transfer);
        var transfers = taken == 0 ? []
            : back.Of(TransferKind.Revoke, new Tokens(taken), $"clawback:{grant.Run}:{grant.Line}");
        var posted = await ledger.PostAsync(
            transfers, new InSameCommit { Commands = [() => KeepCommand(grant, due, taken, words)] }, ct);
        if (posted.All(p => p.Done)) return true;

        Log.Refused(_log, grant.Run.Value, grant.Line, posted.First(p => !p.Done).Refused!.Refusal.Code);
        return false; // the next hour looks again
    }

    private NpgsqlBatchCommand KeepCommand(Grant grant, long due, long taken, string words) => Db.InBatch(
        Keep, grant.Run.Value, grant.Line, grant.Wallet.Value, grant.LeftOn, due, taken, words, Clock.GetUtcNow());

    /// <summary>Grants that may be clawed back.</summary>
    /// <param name="db">The database.</param>
    /// <param name="today">Who left before it.</param>
    /// <param name="leaver">Only of this person, as if they left on that day; null: of whoever has left.</param>
    /// <param name="ct">Stops it.</param>
    internal static Task<List<Grant>> DueAsync(
        NpgsqlDataSource db, DateOnly today, (Guid Person, DateOnly LastDay)? leaver, CancellationToken ct) =>
        db.ReadAsync(
        DueSql,
        row => new Grant(
            row.Id<RunId>("run_id"), row.Int4("line"), row.Id<WalletId>("person_id"), row.Text("kind"),
            row.Text("term"), row.Date("granted_on"), row.Date("left_on"), (Asset)row.Smallint("asset"),
            row.Int4("lot"), row.Id<TransferId>("transfer_id"), row.Bigint("granted_milli"),
            row.Bigint("available_milli"), row.Bigint("gone_milli"), row.Uuid("plan_id")),
        [today, leaver?.Person, leaver?.LastDay], ct);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Line {Line} of grant run {Run} was not clawed back: {Code}")]
        public static partial void Refused(ILogger log, Guid run, int line, string code);
    }
}

/// <summary>How much of a grant is clawed back from a leaver. No I/O.</summary>
internal static class ClawbackRules
{
    /// <summary>What is due, rounded down in favour of who leaves, and why; null: they stayed long enough.</summary>
    /// <param name="rule">The plan's.</param>
    /// <param name="from">The first day of the grant.</param>
    /// <param name="leftOn">The last day of employment.</param>
    /// <param name="grantedMilli">The whole grant.</param>
    public static (long DueMilli, string Words)? Due(Clawback rule, DateOnly from, DateOnly leftOn, long grantedMilli)
    {
        var until = from.AddMonths(rule.Months); // the first day from which it is theirs for good
        if (leftOn >= until.AddDays(-1)) return null;

        var whole = until.DayNumber - from.DayNumber;
        var left = until.DayNumber - Math.Max(leftOn.DayNumber + 1, from.DayNumber);
        var due = rule.ProRata ? (long)((Int128)grantedMilli * left / whole) : grantedMilli;
        var words = $"Granted on {from.Iso()} on condition of staying until {until.AddDays(-1).Iso()}; "
            + $"left on {leftOn.Iso()}, "
            + (rule.ProRata ? $"{left} of {whole} days too early." : "too early.");
        return due > 0 ? (due, words) : null;
    }
}
