using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.People;
using Stipend.Pricing;

namespace Stipend.Compensation;

/// <summary>A person's wallet at this moment: the balance, re-added from the entries, and its lots.</summary>
public static class GetWallet
{
    /// <summary>Whose wallet, what it holds and what a token is worth now.</summary>
    public sealed record Reply(
        string Person, string Name, WalletId Wallet, Standing Balance, long TokenValueNanos,
        IReadOnlyList<LotLine> Lots);

    /// <summary>
    /// In milli-tokens. Available and escrow are the owner's to spend; spent and expired are gone.
    /// </summary>
    public sealed record Standing(long AvailableMilli, long EscrowMilli, long SpentMilli, long ExpiredMilli);

    /// <summary>
    /// One grant and where its tokens are, in milli-tokens. It expires at the instant given; null: never.
    /// </summary>
    public sealed record LotLine(
        int Number, long GrantedMilli, long AvailableMilli, long EscrowMilli, long SpentMilli, long ExpiredMilli,
        string TaxClass, string Source, DateTimeOffset? ExpiresAt, DateTimeOffset GrantedAt);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db, PriceBook prices,
        TimeProvider clock, CancellationToken ct)
    {
        if (await Readable.FindAsync(personOrEmail, caller, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);

        var (wallet, now) = (new WalletId(person.Id.Value), clock.GetUtcNow());
        var balance = await Balances.AtAsync(db, wallet, Asset.Compute, now, ct);
        var lots = await Lots.OfAsync(db, wallet, Asset.Compute, ct);
        return TypedResults.Ok(new Reply(
            person.Email, person.Name, wallet,
            new(balance.Available.Milli, balance.Escrow.Milli, balance.Spent.Milli, balance.Expired.Milli),
            prices.TokenValueAt(now),
            [.. lots.Select(l => new LotLine(
                l.Number, l.Granted.Milli, l.Available.Milli, l.Escrow.Milli, l.Spent.Milli, l.Expired.Milli,
                l.TaxClass,
                l.Source, l.ExpiresAt, l.GrantedAt))]));
    }
}

/// <summary>People as a caller may see them: <c>me</c>, or anybody for whoever runs the programme.</summary>
internal static class Readable
{
    public static async Task<Person?> FindAsync(
        string personOrEmail, ClaimsPrincipal caller, PeopleDirectory people, CancellationToken ct)
    {
        var named = personOrEmail == "me" && Access.PersonOf(caller) is { } own
            ? new PersonId(own).ToString() : personOrEmail;
        var person = await people.FindAsync(named, ct);
        return person is not null && Access.MayRead(caller, person.Id.Value) ? person : null;
    }

    // Nobody learns from the answer whether somebody else is on file.
    public static ProblemHttpResult Nobody(string personOrEmail) =>
        PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}' that you may read.");
}
