using System.Security.Claims;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Metering.Settlement;
using Guerdon.People.Employees;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>A person's wallet at this moment: the balance, re-added from the entries, and its lots.</summary>
internal static class GetWallet
{
    /// <summary>Whose wallet, what it holds and what a token is worth now.</summary>
    /// <param name="Balance">Of compute tokens.</param>
    /// <param name="Lots">Of compute tokens.</param>
    /// <param name="Rewards">Of reward tokens; empty where there never were any.</param>
    public sealed record Reply(
        string Person, string Name, WalletId Wallet, Standing Balance, long TokenValueNanos,
        IReadOnlyList<LotLine> Lots, Holding Rewards);

    /// <summary>What there is of one asset.</summary>
    public sealed record Holding(Standing Balance, IReadOnlyList<LotLine> Lots);

    /// <summary>
    /// In milli-tokens. Available and escrow are the owner's to spend, locked is set aside for a conversion; unvested
    /// is granted and not the owner's yet; spent, expired and converted are gone.
    /// </summary>
    public sealed record Standing(
        long AvailableMilli, long EscrowMilli, long SpentMilli, long ExpiredMilli, long UnvestedMilli,
        long LockedMilli, long ConvertedMilli);

    /// <summary>
    /// One grant and where its tokens are, in milli-tokens. It expires at the instant given; null: never. The grant is
    /// the source in words.
    /// </summary>
    public sealed record LotLine(
        int Number, long GrantedMilli, long AvailableMilli, long EscrowMilli, long SpentMilli, long ExpiredMilli,
        long UnvestedMilli, long LockedMilli, long ConvertedMilli, long RevokedMilli, string TaxClass, string Source,
        string Grant, DateTimeOffset? ExpiresAt, DateTimeOffset GrantedAt);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, ClaimsPrincipal caller, [AsParameters] Services books, CancellationToken ct)
    {
        var reads = Permissions.WalletsRead;
        if (await Readable.FindAsync(personOrEmail, caller, reads, books.People, ct) is not { } person)
            return Readable.Nobody(personOrEmail);

        var wallet = new WalletId(person.Id.Value);
        await books.Settlements.BeforeReadingAsync(wallet, ct); // so that lots say what was spent of them
        var now = books.Clock.GetUtcNow(); // after that, since the balance is that of an instant
        var compute = await HeldAsync(books.Db, wallet, Asset.Compute, now, ct);
        var rewards = await HeldAsync(books.Db, wallet, Asset.Reward, now, ct);
        return TypedResults.Ok(new Reply(
            person.Email, person.Name, wallet, compute.Balance, books.Prices.TokenValueAt(now), compute.Lots, rewards));
    }

    /// <summary>What it is read from.</summary>
    internal sealed record Services(
        NpgsqlDataSource Db, Settlements Settlements, PeopleDirectory People, PriceBook Prices, TimeProvider Clock);

    private static async Task<Holding> HeldAsync(
        NpgsqlDataSource db, WalletId wallet, Asset asset, DateTimeOffset now, CancellationToken ct)
    {
        var b = await Balances.AtAsync(db, wallet, asset, now, ct);
        var lots = await WalletLots.OfAsync(db, wallet, asset, ct);
        return new(
            new(b.Available.Milli, b.Escrow.Milli, b.Spent.Milli, b.Expired.Milli, b.Unvested.Milli, b.Locked.Milli,
                b.Converted.Milli),
            [.. lots.Select(l => new LotLine(
                l.Number, l.Granted.Milli, l.Available.Milli, l.Escrow.Milli, l.Spent.Milli, l.Expired.Milli,
                l.Unvested.Milli, l.Locked.Milli, l.Converted.Milli, l.Revoked.Milli, l.TaxClass, l.Source,
                GrantSource.InWords(l.Source), l.ExpiresAt, l.GrantedAt))]);
    }
}
