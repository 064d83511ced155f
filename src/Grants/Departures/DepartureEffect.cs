using System.Globalization;
using Guerdon.Grants.Plans;
using Guerdon.Grants.Runs;
using Guerdon.Grants.Vesting;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Departures;

/// <summary>What somebody loses by leaving on a day: by the same functions by which it is booked once the day is
/// set.</summary>
/// <param name="ForfeitsMilli">Goes back to its pool, since it will never vest.</param>
/// <param name="ClawsBackMilli">Goes back, since it was granted on condition of staying.</param>
/// <param name="Lines">Each figure of it, with why.</param>
internal sealed record DepartureEffect(
    long ForfeitsMilli, long ClawsBackMilli, IReadOnlyList<DepartureEffect.Line> Lines)
{
    private static readonly string GrantsSql = Sql.Read("Grants/Vesting/VestingOf.sql");

    /// <summary>Of one grant, in milli-tokens.</summary>
    /// <param name="Run">The run that it is from.</param>
    /// <param name="Number">Its line there.</param>
    /// <param name="What">forfeits, vests, keeps (goes on vesting) or claws_back.</param>
    /// <param name="AmountMilli">How much.</param>
    /// <param name="Why">In words.</param>
    public sealed record Line(RunId Run, int Number, string What, long AmountMilli, string Why);

    internal static async Task<DepartureEffect> OfAsync(
        (NpgsqlDataSource Db, PlanCache Plans) from, Guid person, DateOnly lastDay, CancellationToken ct)
    {
        var ((db, plans), lines) = (from, new List<Line>());
        var grants = await db.ReadAsync(GrantsSql, DueGrant.Read, [person], ct);
        var steps = new Dictionary<(RunId, int), VestingStep>();
        foreach (var grant in grants)
        {
            var step = VestingStep.Of(
                await plans.OfAsync(grant.Plan, ct), grant with { LeftOn = lastDay }, lastDay.AddDays(1));
            steps[(grant.Run, grant.Line)] = step;
            lines.AddRange(Vesting(step, grant, lastDay));
        }

        foreach (var now in await ClawBack.DueAsync(db, lastDay.AddDays(1), (person, lastDay), ct))
        {
            // After what vests and is forfeited of it.
            var step = steps.GetValueOrDefault((now.Run, now.Line));
            var grant = now with
            {
                AvailableMilli = now.AvailableMilli + step.VestMilli,
                GoneMilli = now.GoneMilli + step.ForfeitMilli,
            };
            if (ClawBack.DueOf(await plans.OfAsync(grant.Plan, ct), grant) is var (due, words))
                lines.Add(new(grant.Run, grant.Line, "claws_back", Math.Min(due, grant.AvailableMilli), words));
        }

        return new(Sum("forfeits"), Sum("claws_back"), lines);

        long Sum(string what) => lines.Where(line => line.What == what).Sum(line => line.AmountMilli);
    }

    // As the job does it on the day after.
    private static IEnumerable<Line> Vesting(VestingStep step, DueGrant grant, DateOnly lastDay)
    {
        var left = grant.AmountMilli - grant.VestedMilli - step.VestMilli - step.ForfeitMilli;
        var of = $"of {Words(grant.AmountMilli)} granted from {grant.VestFrom.Iso()} on, "
            + $"{Words(grant.VestedMilli)} had vested";
        if (step.VestMilli > 0)
            yield return new(grant.Run, grant.Line, "vests", step.VestMilli, $"Vests by {lastDay.Iso()}: {of}.");
        if (step.ForfeitMilli > 0)
            yield return new(
                grant.Run, grant.Line, "forfeits", step.ForfeitMilli, $"Not vested by {lastDay.Iso()}: {of}.");
        if (left > 0)
            yield return new(
                grant.Run, grant.Line, "keeps", left, $"Goes on vesting after {lastDay.Iso()}, by its plan: {of}.");
    }

    private static string Words(long milli) =>
        string.Create(CultureInfo.InvariantCulture, $"{new Tokens(milli)} tokens");
}
