using System.Security.Claims;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Guerdon.Vesting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Vesting;

/// <summary>What of a person's grants vested and will vest when, and what was clawed back from
/// them on leaving.</summary>
public static class VestingForecast
{
    private static readonly string OfPerson = Sql.Read("Grants/Vesting/VestingOf.sql");

    private const string Taken = """
        select c.left_on, c.due_milli, c.taken_milli, c.explanation, c.at
          from compensation.v_clawback c where c.person_id = $1 order by c.at desc
        """;

    /// <param name="Grants">Those that vest, by their first day.</param>
    /// <param name="Clawbacks">What was clawed back, the newest first.</param>
    public sealed record Reply(IReadOnlyList<Vesting> Grants, IReadOnlyList<ClawedBack> Clawbacks);

    /// <summary>A grant that vests, in milli-tokens.</summary>
    /// <param name="Run">The run it is from.</param>
    /// <param name="Line">Its number there.</param>
    /// <param name="Source">What it was granted for.</param>
    /// <param name="Asset">compute or reward.</param>
    /// <param name="AmountMilli">The whole grant.</param>
    /// <param name="VestedMilli">What is the person's by now.</param>
    /// <param name="Instalments">By date, past and to come, as far as is known.</param>
    public sealed record Vesting(
        RunId Run, int Line, string Source, string Asset, long AmountMilli, long VestedMilli,
        IReadOnlyList<Instalment> Instalments);

    /// <summary>So much on a day, with the reason; not past: to come.</summary>
    public sealed record Instalment(DateOnly Date, long AmountMilli, string Why, bool IsPast);

    /// <summary>What was due on leaving, and what was there to be taken, in milli-tokens.</summary>
    public sealed record ClawedBack(
        DateOnly LeftOn, long DueMilli, long TakenMilli, string Explanation, DateTimeOffset At);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct) =>
        await Readable.FindAsync(personOrEmail, caller, Permissions.WalletsRead, people, ct) is { } person
            ? TypedResults.Ok(await OfAsync(db, person.Id.Value, clock, ct))
            : Readable.Nobody(personOrEmail);

    /// <summary>The same for a page about a person.</summary>
    public static async Task<Reply> OfAsync(NpgsqlDataSource db, Guid person, TimeProvider clock, CancellationToken ct)
    {
        var (plans, grants) = (new PlanCache(db), new List<Vesting>());
        foreach (var (grant, source) in await GrantsAsync(db, person, ct))
        {
            var plan = await plans.OfAsync(grant.Plan, ct);
            var today = ZoneDays.DayOf(clock.GetUtcNow(), plan.TimeZone);
            var schedule = VestingSchedule.Of(
                VestingState.TermsOf(plan, grant.Kind, grant.Term), grant.AmountMilli, grant.FactsBy(today));
            grants.Add(new Vesting(
                grant.Run, grant.Line, source, grant.Asset == Asset.Reward ? "reward" : "compute", grant.AmountMilli,
                grant.VestedMilli,
                [.. schedule.Instalments.Select(i => new Instalment(i.Date, i.Amount, i.Why, i.Date <= today))]));
        }

        return new Reply(grants, await TakenAsync(db, person, ct));
    }

    private static Task<List<(DueGrant, string)>> GrantsAsync(
        NpgsqlDataSource db, Guid person, CancellationToken ct) =>
        db.ReadAsync(OfPerson, row => (DueGrant.Read(row), row.Text("source")), [person], ct);

    private static Task<List<ClawedBack>> TakenAsync(NpgsqlDataSource db, Guid person, CancellationToken ct) =>
        db.ReadAsync(
            Taken,
            row => new ClawedBack(
                row.Date("left_on"), row.Bigint("due_milli"), row.Bigint("taken_milli"), row.Text("explanation"),
                row.Instant("at")),
            [person], ct);
}
