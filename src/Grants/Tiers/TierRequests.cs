using Guerdon.Approvals;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Tiers;

/// <summary>Requests for tiers: asked by a person for themselves, decided by somebody else, once.</summary>
public sealed class TierRequests(NpgsqlDataSource db, PeopleDirectory people, FourEyes fourEyes, TimeProvider clock)
{
    private const int MostText = 4_000;

    private const string Insert = """
        insert into compensation.tier_request (request_id, person_id, plan, tier, use_case, impact, asked_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (plan, tier, person_id) where decision is distinct from 'declined' do nothing
        """;

    private const string Decide = """
        update compensation.tier_request
           set decision = $2, decided_by = $3, decided_at = $4, reason = $5, from_on = $6, decided_by_account = $7,
               decided_by_person = $8
         where request_id = $1 and decision is null
        """;

    private const string Columns = """
        select t.request_id, t.person_id, p.email, t.plan, t.tier, t.use_case, t.impact, t.asked_at, t.decision,
               t.decided_by, t.decided_by_account, t.decided_by_person, t.decided_at, t.reason, t.from_on, p.name
          from compensation.tier_request t
          join people.v_person p on p.person_id = t.person_id
        """;

    private const string One = Columns + " where t.request_id = $1";

    private const string Page = Columns + """
         where ($1::uuid is null or t.person_id = $1) and (not $2 or t.decision is null) and t.request_id < $3
         order by t.request_id desc limit $4
        """;

    private const string Oldest = Columns + """
         where t.decision is null order by t.asked_at, t.request_id limit $1
        """;

    private static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>Tiers of the plans in effect today that are for a person.</summary>
    public async Task<IReadOnlyList<TierOffered>> OfferedAsync(Guid person, CancellationToken ct)
    {
        if (await people.FindAsync(new PersonId(person).ToString(), ct) is not { } whose) return [];
        var plans = await PlanStore.AllInEffectAsync(db, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), ct);
        return [.. plans.Where(p => p.Eligible.Excludes(whose) is null)
            .SelectMany(p => p.Tiers.Select(t => new TierOffered(p.Name, t.Name, t.AddsPpm, t.Needs)))];
    }

    /// <summary>Asks for a tier. Asking again while it waits, or once it is unlocked, is refused.</summary>
    public async Task<Result<TierRequest>> AskAsync(
        AskTier.Request asked, Guid person, CancellationToken ct)
    {
        foreach (var text in (string?[])[asked.UseCase, asked.Impact])
            if (string.IsNullOrWhiteSpace(text) || text.Length > MostText)
                return GrantRefusals.TierInvalid.With(
                    $"The use case and its impact have 1 to {MostText} characters each.");

        var offered = await OfferedAsync(person, ct);
        if (!offered.Any(t => t.Plan == asked.Plan && t.Tier == asked.Tier))
            return GrantRefusals.TierInvalid.With(
                $"There is no tier '{asked.Tier}' of the plan '{asked.Plan}' for them. There are: "
                + $"{(offered.Count == 0 ? "none" : string.Join(", ", offered.Select(t => $"{t.Plan}/{t.Tier}")))}.");

        var id = Id.New<TierRequestId>(clock);
        var rows = await db.ExecuteAsync(Insert,
            [
                id.Value, person, asked.Plan, asked.Tier, asked.UseCase.Trim(), asked.Impact.Trim(), clock.GetUtcNow(),
            ], ct);
        return rows == 1 ? (await FindAsync(id, ct))!
            : GrantRefusals.TierAsked.With($"{asked.Plan}/{asked.Tier} waits for review, or is unlocked.");
    }

    /// <summary>Approves or declines a request, once; the same again changes nothing.</summary>
    /// <param name="id">Which.</param>
    /// <param name="approve">Whether the tier is unlocked.</param>
    /// <param name="asked">The reason, and the first day it counts on.</param>
    /// <param name="by">Not the person themselves, whatever their account may do.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<TierRequest>> DecideAsync(
        TierRequestId id, bool approve, DecideTier.Request asked, Actor by, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } request)
            return GrantRefusals.TierNotFound.With($"There is no request '{id}'.");
        if (await WhyNotAsync(request, approve, by, ct) is { } no) return GrantRefusals.OwnApproval.With(no);
        if (request.Decision is not null) return Again(request, approve, by);
        if (Reason.Check(GrantRefusals.ReasonInvalid, asked.Reason) is { } unsaid) return unsaid;

        var month = new Period(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var from = asked.From ?? month.First.AddMonths(1);
        if (approve && (from.Day != 1 || from < month.First))
            return GrantRefusals.FirstDayInvalid.With(
                $"{from.Iso()} is not the first day of a month from {month} on.");

        var rows = await db.ExecuteAsync(Decide,
            [
                id.Value, Word(approve), by.Name, clock.GetUtcNow(), asked.Reason.Trim(), approve ? from : null,
                by.Account, by.Person,
            ], ct);
        var after = (await FindAsync(id, ct))!;
        return rows == 1 ? after : Again(after, approve, by); // somebody else was first
    }

    private async Task<string?> WhyNotAsync(TierRequest request, bool approve, Actor by, CancellationToken ct) =>
        approve ? (await fourEyes.MayApproveAsync(request.Asked, by, saysAlone: false, ct)).No
            : await fourEyes.WhyNotAsBeneficiaryAsync(request.Asked, by, withdraws: false, ct);

    private static string Word(bool approve) => approve ? "approved" : "declined";

    // A repeat by the same person gets the first answer, so that it is safe; otherwise the first decision holds.
    private static Result<TierRequest> Again(TierRequest request, bool approve, Actor by) =>
        request.Decision == Word(approve) && by.Is(request.Decider!) ? request
            : GrantRefusals.TierDecided.With(
                $"{request.Id} was {request.Decision} by {request.DecidedBy} on {Wording.Utc(request.DecidedAt)}.");

    /// <summary>Requests, the newest first.</summary>
    /// <param name="person">Of one person; null: everybody's.</param>
    /// <param name="waiting">Only those that nobody decided.</param>
    /// <param name="after">Older than this one.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<TierRequest>> ListAsync(
        Guid? person, bool waiting, TierRequestId? after, int limit, CancellationToken ct) =>
        await db.ReadAsync(Page, RequestOf, [person, waiting, after?.Value ?? Last, limit], ct);

    /// <summary>Everybody's requests to review: those that wait, the oldest first, then the newest of the others.
    /// </summary>
    /// <param name="limit">At most so many of each.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<TierRequest>> ToReviewAsync(int limit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var waiting = await connection.ReadAsync(Oldest, RequestOf, [limit], ct);
        var newest = await connection.ReadAsync(Page, RequestOf, [null, false, Last, limit], ct);
        return [.. waiting, .. newest.Where(request => request.Decision is not null)];
    }

    /// <summary>One request, or null.</summary>
    public Task<TierRequest?> FindAsync(TierRequestId id, CancellationToken ct) =>
        db.FirstAsync(One, RequestOf, [id.Value], ct);

    private static TierRequest RequestOf(Row row)
    {
        var decider = row.ActorOrNull("decided_by");
        return new TierRequest(
            row.Id<TierRequestId>("request_id"), row.Id<PersonId>("person_id"), row.Text("email"), row.Text("plan"),
            row.Text("tier"), row.Text("use_case"), row.Text("impact"), row.Instant("asked_at"),
            row.TextOrNull("decision"), decider?.Name, row.InstantOrNull("decided_at"), row.TextOrNull("reason"),
            row.DateOrNull("from_on"))
        {
            Decider = decider, Name = row.Text("name"),
        };
    }
}
