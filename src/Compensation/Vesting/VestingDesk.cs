using Npgsql;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>What happened that a grant's vesting waits for, or that brings it forward: recorded by one administrator,
/// counted once another approved it.</summary>
public sealed class VestingDesk(NpgsqlDataSource db, IAdministrators administrators, TimeProvider clock)
{
    private const int MostReason = 1_000;

    private const string Grant = """
        select l.kind, l.term, l.vest_from, v.next_on is null, r.plan_id
          from compensation.vesting v
          join compensation.grant_line l on l.run_id = v.run_id and l.line = v.line
          join compensation.grant_run r on r.run_id = v.run_id
         where v.run_id = $1 and v.line = $2 and l.live
        """;

    private const string Insert = """
        insert into compensation.vesting_fact (
            fact_id, run_id, line, kind, happened_on, condition_id, amount_milli, reason, asked_by, asked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string Lock = """
        select run_id, line, kind, happened_on, condition_id, amount_milli, reason, asked_by, approved_by
          from compensation.vesting_fact where fact_id = $1 for update
        """;

    private const string Approve = """
        update compensation.vesting_fact set approved_by = $2, approved_at = $3 where fact_id = $1
        """;

    // The job looks at a grant when its day has come.
    private const string LookFrom = """
        update compensation.vesting set next_on = least(next_on,
            $3) where run_id = $1 and line = $2 and next_on is not null
        """;

    /// <summary>Records a fact; where there is nobody else to approve it, it counts at once.</summary>
    public async Task<(VestingFact.Reply? Fact, Refused? Refused)> AskAsync(
        RunId run, int line, VestingFact.Request asked, string by, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(asked.Reason) || asked.Reason.Length > MostReason)
            return (null,
                CompensationRefusals.ReasonInvalid.With($"The reason must have 1 to {MostReason} characters."));
        await using var connection = await db.OpenConnectionAsync(ct);
        if (await WhyNotAsync(connection, run, line, asked, ct) is { } refused) return (null, refused);

        var id = Id.New<VestingFactId>(clock);
        await Db.ExecuteAsync(connection, Insert,
            [
                id.Value, run.Value, line, asked.Kind, asked.HappenedOn, asked.ConditionId ?? "", asked.AmountMilli,
                asked.Reason.Trim(), by, clock.GetUtcNow(),
            ], ct);
        var (fact, no) = await ApproveAsync(id, by, ct);
        return no is null || no.Refusal == CompensationRefusals.OwnApproval
            ? (fact ?? new VestingFact.Reply(
                id, run, line, asked.Kind, asked.HappenedOn, asked.ConditionId ?? "", asked.AmountMilli,
                asked.Reason.Trim(), by, null), null)
            : (null, no);
    }

    /// <summary>Approves a fact that somebody else recorded; it vests what it lets vest within the hour. Again: changes
    /// nothing.</summary>
    public async Task<(VestingFact.Reply? Fact, Refused? Refused)> ApproveAsync(
        VestingFactId id, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await FindAsync(connection, id, ct) is not { } fact)
            return (null, CompensationRefusals.VestingFactNotFound.With($"There is no fact '{id}'."));
        if (fact.ApprovedBy is not null) return (fact, null);
        if (!await FourEyes.MayAsync(by, fact.AskedBy, administrators, ct))
            return (null, CompensationRefusals.OwnApproval.With($"{by} recorded {id}."));

        await Db.ExecuteAsync(connection, Approve, [id.Value, by, clock.GetUtcNow()], ct);
        await Db.ExecuteAsync(connection, LookFrom, [fact.Run.Value, fact.Line, fact.HappenedOn], ct);
        await transaction.CommitAsync(ct);
        return (fact with { ApprovedBy = by }, null);
    }

    private async Task<Refused?> WhyNotAsync(
        NpgsqlConnection connection, RunId run, int line, VestingFact.Request asked, CancellationToken ct)
    {
        VestingTerms terms;
        DateOnly from;
        Guid plan;
        string kind, term;
        await using (var command = Db.Command(connection, Grant, run.Value, line))
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            if (!await row.ReadAsync(ct))
                return CompensationRefusals.VestingFactInvalid.With($"Line {line} of '{run}' is no grant that vests.");
            if (row.GetBoolean(3))
                return CompensationRefusals.VestingFactInvalid.With("Nothing more of the grant is to vest.");
            (kind, term, from, plan) = (row.GetString(0), row.GetString(1), row.GetFieldValue<DateOnly>(2),
                row.GetGuid(4));
        }

        terms = VestingState.TermsOf(await new PlanCache(db).OfAsync(plan, ct), kind, term);
        if (Wrong(asked, terms, from) is { } why) return CompensationRefusals.VestingFactInvalid.With(why);
        return null;
    }

    private static string? Wrong(VestingFact.Request asked, VestingTerms terms, DateOnly from)
    {
        if (asked.HappenedOn < from) return $"It begins to vest on {LineText.Iso(from)}; nothing counts before.";
        string[] events = [.. terms.Conditions.Where(c => c.Trigger is VestingTrigger.OnEvent).Select(c => c.Id)];
        return asked.Kind switch
        {
            "event" when asked.AmountMilli is not null => "An event has no amount; the terms say what it vests.",
            "event" when !events.Contains(asked.ConditionId) =>
                $"'{asked.ConditionId}' is no event of the terms. There are: "
                + $"{(events.Length == 0 ? "none" : string.Join(", ", events))}.",
            "event" => null,
            "acceleration" when !string.IsNullOrEmpty(asked.ConditionId) => "An acceleration is of no condition.",
            "acceleration" when asked.AmountMilli is <= 0 =>
                "The amount must be above 0, or left out for all that is left.",
            "acceleration" => null,
            _ => $"'{asked.Kind}' is neither event nor acceleration.",
        };
    }

    private static async Task<VestingFact.Reply?> FindAsync(
        NpgsqlConnection connection, VestingFactId id, CancellationToken ct)
    {
        await using var command = Db.Command(connection, Lock, id.Value);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new VestingFact.Reply(
                id, new RunId(row.GetGuid(0)), row.GetInt32(1), row.GetString(2), row.GetFieldValue<DateOnly>(3),
                row.GetString(4), row.IsDBNull(5) ? null : row.GetInt64(5), row.GetString(6), row.GetString(7),
                row.IsDBNull(8) ? null : row.GetString(8))
            : null;
    }
}
