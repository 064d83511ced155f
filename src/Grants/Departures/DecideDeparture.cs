using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Departures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Departures;

/// <summary>Decides departures, each once, and all that are held together; and gives access back after it.</summary>
internal static class DecideDeparture
{
    /// <param name="Reason">Why it is declined, or access given back, in 1 to 1,000 characters.</param>
    public sealed record Declining(string? Reason = null);

    /// <param name="Digest">Of those who are held, as they were looked at.</param>
    public sealed record Confirming(string? Digest = null);

    /// <param name="Digest">Of those who are held, as they were looked at.</param>
    /// <param name="Reason">Why their access stays, in 1 to 1,000 characters.</param>
    public sealed record DecliningHeld(string? Digest = null, string? Reason = null);

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
        Confirming? request, ClaimsPrincipal caller, DepartureStore departures, FourEyes fourEyes,
        CancellationToken ct) => HeldAsync(request?.Digest, null, (caller, departures, fourEyes), ct);

    internal static async Task<Results<Ok<Held>, ProblemHttpResult>> DeclineHeld(
        DecliningHeld? request, ClaimsPrincipal caller, DepartureStore departures, FourEyes fourEyes,
        CancellationToken ct) =>
        Reason.Check(PeopleRefusals.ReasonInvalid, request?.Reason) is { } unsaid
            ? unsaid.ToProblem()
            : await HeldAsync(request!.Digest, request.Reason, (caller, departures, fourEyes), ct);

    internal static async Task<Results<Ok<DepartureShown>, ProblemHttpResult>> Return(
        string id, Declining? request, ClaimsPrincipal caller, DepartureStore departures, FourEyes fourEyes,
        CancellationToken ct)
    {
        if (Reason.Check(PeopleRefusals.ReasonInvalid, request?.Reason) is { } unsaid) return unsaid.ToProblem();
        var by = Actor.Of(caller);
        return Answer(id, DepartureId.TryParse(id, out var known)
            ? await departures.ReturnAsync(known, request!.Reason!, by, NoAsync, ct) : null);

        async Task<Refused?> NoAsync(Departure one)
        {
            var may = await fourEyes.MayApproveAsync(DepartureShown.ReturnOf(one), by, saysAlone: false, ct);
            return may.No is { } no ? PeopleRefusals.OwnDeparture.With(no) : null;
        }
    }

    private static async Task<Results<Ok<DepartureShown>, ProblemHttpResult>> OneAsync(
        string id, string? why, (ClaimsPrincipal Caller, DepartureStore Store, FourEyes FourEyes) of,
        CancellationToken ct)
    {
        var by = Actor.Of(of.Caller);
        return Answer(id, DepartureId.TryParse(id, out var known)
            ? await of.Store.DecideAsync(known, why, by, NoAsync, ct) : null);

        // Whoever deactivated them may decline it, and not say that it is right.
        async Task<Refused?> NoAsync(Departure one)
        {
            var asked = DepartureShown.AskedOf(one);
            var no = why is null
                ? (await of.FourEyes.MayApproveAsync(asked, by, saysAlone: false, ct)).No
                : await of.FourEyes.WhyNotAsBeneficiaryAsync(asked, by, withdraws: false, ct);
            return no is null ? null : PeopleRefusals.OwnDeparture.With(no);
        }
    }

    private static Results<Ok<DepartureShown>, ProblemHttpResult> Answer(string id, Result<Departure>? result) =>
        result is { } known
            ? known.Select(one => DepartureShown.Of(one, effect: null)).ToHttp()
            : PeopleRefusals.DepartureNotFound.ToProblem($"There is no departure '{id}'.");

    private static async Task<Results<Ok<Held>, ProblemHttpResult>> HeldAsync(
        string? digest, string? why, (ClaimsPrincipal Caller, DepartureStore Store, FourEyes FourEyes) of,
        CancellationToken ct)
    {
        var me = await of.FourEyes.KnownAsync(Actor.Of(of.Caller), ct);
        return (await of.Store.DecideHeldAsync(digest, why, me, NoAsync, ct))
            .Select(count => new Held(count)).ToHttp();

        async Task<Refused?> NoAsync(IReadOnlyList<Departure> held)
        {
            if (held.Count == 0) return PeopleRefusals.OwnDeparture.With("You are the only one who is held.");
            if (why is not null) return null;
            foreach (var asked in held.Select(DepartureShown.AskedOf).DistinctBy(one => one.By))
                if ((await of.FourEyes.MayApproveAsync(asked, me, saysAlone: false, ct)).No is { } no)
                    return PeopleRefusals.OwnDeparture.With(no);
            return null;
        }
    }
}
