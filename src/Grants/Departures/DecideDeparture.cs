using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Departures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Departures;

/// <summary>Decides departures, each once; and all that are held together.</summary>
internal static class DecideDeparture
{
    /// <param name="Reason">Why it is declined, in 1 to 1,000 characters.</param>
    public sealed record Declining(string? Reason = null);

    /// <param name="People">How many are held, as they were looked at.</param>
    public sealed record Confirming(int People);

    /// <param name="People">How many are held, as they were looked at.</param>
    /// <param name="Reason">Why their access stays, in 1 to 1,000 characters.</param>
    public sealed record DecliningHeld(int People, string? Reason = null);

    /// <param name="People">How many it concerned.</param>
    public sealed record Held(int People);

    internal static Task<Results<Ok<DepartureShown>, ProblemHttpResult>> Approve(
        string id, ClaimsPrincipal caller, DepartureStore departures, FourEyes fourEyes, CancellationToken ct) =>
        OneAsync(id, null, (caller, departures, fourEyes), ct);

    internal static async Task<Results<Ok<DepartureShown>, ProblemHttpResult>> Decline(
        string id, Declining? request, ClaimsPrincipal caller, DepartureStore departures, FourEyes fourEyes,
        CancellationToken ct) =>
        Reason.Check(PeopleRefusals.ReasonInvalid, request?.Reason) is { } unsaid
            ? unsaid.ToProblem() : await OneAsync(id, request!.Reason, (caller, departures, fourEyes), ct);

    internal static Task<Results<Ok<Held>, ProblemHttpResult>> ConfirmHeld(
        Confirming request, ClaimsPrincipal caller, DepartureStore departures, FourEyes fourEyes,
        CancellationToken ct) => HeldAsync(request.People, null, (caller, departures, fourEyes), ct);

    internal static async Task<Results<Ok<Held>, ProblemHttpResult>> DeclineHeld(
        DecliningHeld request, ClaimsPrincipal caller, DepartureStore departures, FourEyes fourEyes,
        CancellationToken ct) =>
        Reason.Check(PeopleRefusals.ReasonInvalid, request.Reason) is { } unsaid
            ? unsaid.ToProblem()
            : await HeldAsync(request.People, request.Reason, (caller, departures, fourEyes), ct);

    private static async Task<Results<Ok<DepartureShown>, ProblemHttpResult>> OneAsync(
        string id, string? why, (ClaimsPrincipal Caller, DepartureStore Store, FourEyes FourEyes) of,
        CancellationToken ct)
    {
        var by = Actor.Of(of.Caller);
        var decided = DepartureId.TryParse(id, out var known)
            ? await of.Store.DecideAsync(known, why, by, async one =>
            {
                var may = await of.FourEyes.MayApproveAsync(DepartureShown.AskedOf(one), by, saysAlone: false, ct);
                return may.No is { } no ? PeopleRefusals.OwnDeparture.With(no) : null;
            }, ct)
            : null;
        return decided is { } result
            ? result.Select(one => DepartureShown.Of(one, effect: null)).ToHttp()
            : PeopleRefusals.DepartureNotFound.ToProblem($"There is no departure '{id}'.");
    }

    private static async Task<Results<Ok<Held>, ProblemHttpResult>> HeldAsync(
        int people, string? why, (ClaimsPrincipal Caller, DepartureStore Store, FourEyes FourEyes) of,
        CancellationToken ct)
    {
        var by = Actor.Of(of.Caller);
        var me = await of.FourEyes.KnownAsync(by, ct);
        return (await of.Store.DecideHeldAsync(people, why, by, held => Task.FromResult(
            held.Any(one => me.Is(one.Person.Value))
                ? PeopleRefusals.OwnDeparture.With("You are one of those who are held.") : null), ct))
            .Select(count => new Held(count)).ToHttp();
    }
}
