using Guerdon.Approvals;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Storage;
using Guerdon.Vesting;
using Npgsql;

namespace Guerdon.Grants.Vesting;

/// <summary>What happened that a grant's vesting waits for, or that brings it forward: recorded by one administrator,
/// counted once another approved it, who is not the person whom it vests for.</summary>
public sealed class VestingFactStore(NpgsqlDataSource db, FourEyes fourEyes, TimeProvider clock)
{
    private static readonly string Read = Sql.Read("Grants/Vesting/ReadFacts.sql");

    private const string GrantSql = """
        select l.kind, l.term, l.vest_from, v.next_on, r.plan_id
          from compensation.vesting v
          join compensation.grant_line l on l.run_id = v.run_id and l.line = v.line
          join compensation.grant_run r on r.run_id = v.run_id
         where v.run_id = $1 and v.line = $2 and l.live
        """;

    private const string Same = """
        select fact_id from compensation.vesting_fact
         where run_id = $1 and line = $2 and kind = $3 and happened_on = $4 and condition_id = $5
           and amount_milli is not distinct from $6::bigint and approved_by is null and declined_by is null
        """;

    private const string Insert = """
        insert into compensation.vesting_fact (
            fact_id, run_id, line, kind, happened_on, condition_id, amount_milli, reason, asked_by, asked_by_account,
            asked_by_person, asked_at)
        values ($1, $2, $3, $4, $5, $6, $7::bigint, $8, $9, $10::uuid, $11::uuid, $12)
        """;

    private const string Lock = "select from compensation.vesting_fact where fact_id = $1 for update";

    private const string Approve = """
        update compensation.vesting_fact
           set approved_by = $2, approved_by_account = $3, approved_by_person = $4, approved_at = $5,
               approved_alone = $6
         where fact_id = $1
        """;

    private const string Decline = """
        update compensation.vesting_fact
           set declined_by = $2, declined_by_account = $3, declined_by_person = $4, declined_at = $5,
               declined_reason = $6
         where fact_id = $1
        """;

    // The job looks at a grant only when its day has come, so the fact's day must be brought forward here.
    private const string LookFrom = """
        update compensation.vesting set next_on = least(next_on, $3)
         where run_id = $1 and line = $2 and next_on is not null
        """;

    /// <summary>Records a fact, to be approved by another. The same again, while it waits, is the same fact.</summary>
    public async Task<Result<VestingFact.Reply>> AskAsync(
        RunId run, int line, VestingFact.Request asked, Actor by, CancellationToken ct)
    {
        if (Reason.Check(GrantRefusals.ReasonInvalid, asked.Reason) is { } unsaid) return unsaid;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, $"compensation.vesting_fact/{run}/{line}", ct);
        if (await WhyNotAsync(connection, run, line, asked, ct) is { } refused) return refused;
        if (await SameAsync(connection, run, line, asked, ct) is { } waiting)
            return (await OneAsync(connection, waiting, by, ct))!;

        var id = Id.New<VestingFactId>(clock);
        await connection.ExecuteAsync(Insert,
            [
                id.Value, run.Value, line, asked.Kind, asked.HappenedOn, asked.ConditionId ?? "", asked.AmountMilli,
                asked.Reason.Trim(), by.Name, by.Account, by.Person, clock.GetUtcNow(),
            ], ct);
        var fact = await OneAsync(connection, id, by, ct);
        await transaction.CommitAsync(ct);
        return fact!;
    }

    /// <summary>Approves a fact that somebody else recorded, for somebody else; it vests what it lets vest within the
    /// hour. The same again changes nothing.</summary>
    /// <param name="id">Which.</param>
    /// <param name="alone">The only administrator says that they approve what they recorded.</param>
    /// <param name="by">Who approves.</param>
    /// <param name="ct">Stops it.</param>
    public Task<Result<VestingFact.Reply>> ApproveAsync(
        VestingFactId id, bool alone, Actor by, CancellationToken ct) => DecideAsync(id, by, async (at, fact) =>
    {
        if (fact.Approver is { } approver && by.Is(approver)) return null;
        if (Decided(fact) is { } decided) return decided;
        var may = await fourEyes.MayApproveAsync(fact.Asked, by, alone, ct);
        if (may.No is { } no) return GrantRefusals.OwnApproval.With(no);

        await at.ExecuteAsync(Approve, [id.Value, by.Name, by.Account, by.Person, clock.GetUtcNow(), may.Alone], ct);
        await at.ExecuteAsync(LookFrom, [fact.Run.Value, fact.Line, fact.HappenedOn], ct);
        return null;
    }, withdraws: false, ct);

    /// <summary>Declines a fact; it never counts. Whoever recorded it may: they withdraw it. The same again changes
    /// nothing.</summary>
    public Task<Result<VestingFact.Reply>> DeclineAsync(
        VestingFactId id, string reason, Actor by, CancellationToken ct) => DecideAsync(id, by, async (at, fact) =>
    {
        if (fact.Decliner is { } decliner && by.Is(decliner)) return null;
        if (Decided(fact) is { } decided) return decided;
        if (Reason.Check(GrantRefusals.ReasonInvalid, reason) is { } unsaid) return unsaid;

        await at.ExecuteAsync(
            Decline, [id.Value, by.Name, by.Account, by.Person, clock.GetUtcNow(), reason.Trim()], ct);
        return null;
    }, withdraws: true, ct);

    /// <summary>Which facts are listed.</summary>
    /// <param name="Run">Of grants of one run; null: of all.</param>
    /// <param name="Waiting">Only those that nobody decided.</param>
    /// <param name="After">Older than this one.</param>
    public readonly record struct Wanted(RunId? Run, bool Waiting, VestingFactId? After = null);

    /// <summary>Facts, the newest first.</summary>
    /// <param name="which">Those that are wanted.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="reader">Who is told whether they may decide.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<VestingFact.Reply>> ListAsync(
        Wanted which, int limit, Actor reader, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var facts = await ReadAsync(connection, [null, which.Waiting, which.After?.Value, limit, which.Run?.Value], ct);
        return await ForAsync(facts, reader, ct);
    }

    private async Task<Result<VestingFact.Reply>> DecideAsync(
        VestingFactId id, Actor by, Func<NpgsqlConnection, VestingFact.Reply, Task<Refused?>> decide, bool withdraws,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await connection.ExecuteAsync(Lock, [id.Value], ct);
        if (await ReadAsync(connection, [id.Value, false, null, 1, null], ct) is not [var fact])
            return GrantRefusals.VestingFactNotFound.With($"There is no fact '{id}'.");
        if (await fourEyes.WhyNotAsBeneficiaryAsync(fact.Asked, by, withdraws, ct) is { } own)
            return GrantRefusals.OwnApproval.With(own);
        if (await decide(connection, fact) is { } refused) return refused;

        var after = await OneAsync(connection, id, by, ct);
        await transaction.CommitAsync(ct);
        return after!;
    }

    private static Refused? Decided(VestingFact.Reply fact) => fact.State == "waiting" ? null
        : GrantRefusals.VestingFactDecided.With(
            $"{fact.Id} was {fact.State} by {fact.ApprovedBy ?? fact.DeclinedBy} on {Wording.Utc(fact.DecidedAt)}.");

    private static async Task<VestingFactId?> SameAsync(
        NpgsqlConnection connection, RunId run, int line, VestingFact.Request asked, CancellationToken ct)
    {
        object?[] values =
            [run.Value, line, asked.Kind, asked.HappenedOn, asked.ConditionId ?? "", asked.AmountMilli];
        return await connection.ScalarAsync<Guid?>(Same, values, ct) is { } id ? new VestingFactId(id) : null;
    }

    private async Task<VestingFact.Reply?> OneAsync(
        NpgsqlConnection connection, VestingFactId id, Actor reader, CancellationToken ct) =>
        await ForAsync(await ReadAsync(connection, [id.Value, false, null, 1, null], ct), reader, ct) is [var fact, ..]
            ? fact : null;

    private async Task<IReadOnlyList<VestingFact.Reply>> ForAsync(
        List<VestingFact.Reply> facts, Actor reader, CancellationToken ct)
    {
        var waiting = facts.Where(fact => fact.State == "waiting").Select(fact => fact.Asked).ToList();
        if (waiting.Count == 0) return facts;
        var rights = new Queue<Right>(await fourEyes.RightsAsync(waiting, reader, ct));
        return [.. facts.Select(fact => fact.State == "waiting" ? With(fact, rights.Dequeue()) : fact)];

        static VestingFact.Reply With(VestingFact.Reply fact, Right right) =>
            fact with { WhoMay = right.WhoMay, YouMay = right.YouMay };
    }

    private async Task<Refused?> WhyNotAsync(
        NpgsqlConnection connection, RunId run, int line, VestingFact.Request asked, CancellationToken ct)
    {
        if (await connection.FirstAsync(GrantSql, Grant.Of, [run.Value, line], ct) is not { } grant)
            return GrantRefusals.VestingFactInvalid.With($"Line {line} of '{run}' is not a grant that vests.");
        if (grant.NextOn is null) return GrantRefusals.VestingFactInvalid.With("Nothing more of the grant is to vest.");

        var terms = VestingState.TermsOf(await new PlanCache(db).OfAsync(grant.Plan, ct), grant.Kind, grant.Term);
        return Wrong(asked, terms, grant.From) is { } why ? GrantRefusals.VestingFactInvalid.With(why) : null;
    }

    private sealed record Grant(string Kind, string Term, DateOnly From, DateOnly? NextOn, Guid Plan)
    {
        public static Grant Of(Row row) => new(
            row.Text("kind"), row.Text("term"), row.Date("vest_from"), row.DateOrNull("next_on"), row.Uuid("plan_id"));
    }

    private static string? Wrong(VestingFact.Request asked, VestingTerms terms, DateOnly from)
    {
        if (asked.HappenedOn < from) return $"It begins to vest on {from.Iso()}; nothing counts before.";
        string[] events = [.. terms.Conditions.Where(c => c.Trigger is VestingTrigger.OnEvent).Select(c => c.Id)];
        return asked.Kind switch
        {
            "event" when asked.AmountMilli is not null => "An event has no amount; the terms say what it vests.",
            "event" when !events.Contains(asked.ConditionId) =>
                $"'{asked.ConditionId}' is not an event of the terms. There are: "
                + $"{(events.Length == 0 ? "none" : string.Join(", ", events))}.",
            "event" => null,
            "acceleration" when !string.IsNullOrEmpty(asked.ConditionId) => "An acceleration is of no condition.",
            "acceleration" when asked.AmountMilli is <= 0 =>
                "The amount must be above 0, or left out for all that is left.",
            "acceleration" => null,
            _ => $"'{asked.Kind}' is neither event nor acceleration.",
        };
    }

    private static Task<List<VestingFact.Reply>> ReadAsync(
        NpgsqlConnection connection, object?[] values, CancellationToken ct) =>
        connection.ReadAsync(Read, FactOf, values, ct);

    private static VestingFact.Reply FactOf(Row row)
    {
        var (asker, approver) = (row.Actor("asked_by"), row.ActorOrNull("approved_by"));
        var decliner = row.ActorOrNull("declined_by");
        return new VestingFact.Reply(
            row.Id<VestingFactId>("fact_id"), row.Id<RunId>("run_id"), row.Int4("line"), row.Text("kind"),
            row.Date("happened_on"), row.Text("condition_id"), row.BigintOrNull("amount_milli"), row.Text("reason"),
            asker.Name, approver?.Name)
        {
            DeclinedBy = decliner?.Name, DeclinedReason = row.TextOrNull("declined_reason"),
            Person = row.Id<PersonId>("person_id"), Email = row.Text("email"), Name = row.Text("name"), Asker = asker,
            Approver = approver, Decliner = decliner, DecidedAt = row.InstantOrNull("decided_at"),
            ApprovedAlone = row.Bool("approved_alone"),
        };
    }
}
