using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// Declines what a preview showed, with a reason that is on record; whoever asked for it withdraws it so. Calls stay as
/// they are, and a further preview asks again. Declining again changes nothing.
/// </summary>
internal static class DeclineCorrections
{
    private const int Tries = 3;

    /// <param name="Reason">Why, for the record.</param>
    /// <param name="Digest">Of what was looked at; null: the id says it.</param>
    public sealed record Request(string? Reason, string? Digest = null);

    /// <param name="Id">Which.</param>
    /// <param name="Done">False where it was declined before.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="By">Who declined it.</param>
    /// <param name="At">When.</param>
    public sealed record Reply(ReconciliationId Id, bool Done, string Reason, string By, DateTimeOffset At);

    /// <summary>What it takes.</summary>
    internal sealed record Tools(NpgsqlDataSource Db, PriceBook Book, FourEyes FourEyes, TimeProvider Clock);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string id, Request request, ClaimsPrincipal caller, [AsParameters] Tools tools, CancellationToken ct)
    {
        if (!ReconciliationId.TryParse(id, out var known)) return StoredReconciliation.Unknown(id).ToProblem();
        if (Reason.Check(MeteringRefusals.ReasonInvalid, request.Reason) is { } unsaid) return unsaid.ToProblem();
        await tools.Book.ReloadAsync(ct);
        await using var connection = await tools.Db.OpenConnectionAsync(ct);
        var by = Actor.Of(caller);
        for (var tries = 1; ; tries++)
        {
            if (await ReconciliationStore.FindAsync(connection, known, ct) is not { } stored)
                return StoredReconciliation.Unknown(id).ToProblem();
            if (stored.Decision is { IsApplied: false } same && by.Is(same.By))
                return TypedResults.Ok(new Reply(known, false, same.Reason!, same.By.Name, same.At));
            if (stored.Decision is { } before) return StoredReconciliation.Before(known, before).ToProblem();
            if (stored.Differs(request.Digest) is { } differs) return differs.ToProblem();
            var isAsker = await tools.FourEyes.AreOneAsync(by, stored.Maker, ct);
            if (!isAsker && await WhyNotAsync(connection, stored, by, tools, ct) is { } own) return own.ToProblem();

            var made = new StoredReconciliation.Decided(false, by, tools.Clock.GetUtcNow(), request.Reason!.Trim());
            if (await ReconciliationStore.DeclineAsync(tools.Db, known, made, isAsker, ct))
                return TypedResults.Ok(new Reply(known, true, made.Reason!, by.Name, made.At));
            if (tries == Tries) // somebody decided it, and nobody finds how
                return MeteringRefusals.ReconciliationConflict.ToProblem("It was decided at the same moment.");
        }
    }

    // Whoever would pay more by it does not decline it where the calls are theirs alone. Whoever asked withdraws.
    private static async Task<Refused?> WhyNotAsync(
        NpgsqlConnection connection, StoredReconciliation stored, Actor by, Tools tools, CancellationToken ct)
    {
        var known = await tools.FourEyes.KnownAsync(by, ct);
        if (known.Person is null) return null;
        var now = await Reconciler.RunAsync(connection, tools.Book, stored.Scope, ct);
        return stored.IsOnlyOf(now, known.Person)
            ? MeteringRefusals.OwnApproval.With($"{stored.Id} corrects only calls of whoever would decline it.") : null;
    }
}
