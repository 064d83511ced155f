using System.Data;
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
        var (now, compute, rewards) = await HeldAsync(books, wallet, ct);
        return TypedResults.Ok(new Reply(
            person.Email, person.Name, wallet, compute.Balance, books.Prices.TokenValueAt(now), compute.Lots, rewards));
    }

    /// <summary>What it is read from.</summary>
    internal sealed record Services(
        NpgsqlDataSource Db, Settlements Settlements, PeopleDirectory People, PriceBook Prices, TimeProvider Clock);

    private sealed record Held(DateTimeOffset At, Holding Compute, Holding Rewards);

    // In one snapshot, so that balance and lots add up to the same. The first read begins it, and the balance is that
    // of an instant: it is taken after that, or what was booked in between would be in the lots alone.
    private static async Task<Held> HeldAsync(Services books, WalletId wallet, CancellationToken ct)
    {
        await using var connection = await books.Db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var compute = await WalletLots.OfAsync(connection, wallet, Asset.Compute, ct);
        var now = books.Clock.GetUtcNow();
        var rewards = await WalletLots.OfAsync(connection, wallet, Asset.Reward, ct);
        return new(
            now, HoldingOf(await Balances.AtAsync(connection, wallet, Asset.Compute, now, ct), compute),
            HoldingOf(await Balances.AtAsync(connection, wallet, Asset.Reward, now, ct), rewards));
    }

    private static Holding HoldingOf(Balance b, IReadOnlyList<Lot> lots) => new(
        new(b.Available.Milli, b.Escrow.Milli, b.Spent.Milli, b.Expired.Milli, b.Unvested.Milli, b.Locked.Milli,
            b.Converted.Milli),
        [.. lots.Select(l => new LotLine(
            l.Number, l.Granted.Milli, l.Available.Milli, l.Escrow.Milli, l.Spent.Milli, l.Expired.Milli,
            l.Unvested.Milli, l.Locked.Milli, l.Converted.Milli, l.Revoked.Milli, l.TaxClass, l.Source,
            GrantSource.InWords(l.Source), l.ExpiresAt, l.GrantedAt))]);
}
