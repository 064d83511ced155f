using System.Security.Claims;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Statements;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Settlement;
using Guerdon.People.Employees;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>A person's statement: what they had, what moved, what they have. It re-adds, or it is not given.</summary>
internal static class GetStatement
{
    /// <param name="From">First day (UTC).</param>
    /// <param name="To">The day after the last.</param>
    /// <param name="TokenValueNanos">Nano-USD that a token is worth now.</param>
    public sealed record Reply(
        string Person, string Name, WalletId Wallet, DateOnly From, DateOnly To, long OpeningMilli,
        IReadOnlyList<Line> Lines, long ClosingMilli, long TokenValueNanos);

    /// <summary>The transfers of one kind, day and lot, added up; what left the wallet is negative.</summary>
    /// <param name="What">The kind in words.</param>
    /// <param name="Grant">The source in words.</param>
    public sealed record Line(
        DateOnly Day, string Kind, string What, int Lot, string Source, string Grant, long AmountMilli, int Transfers);

    /// <param name="From">First day; null: the first of this month.</param>
    /// <param name="To">The day after the last; null: the first of the month after the first day's.</param>
    public sealed record Asked(DateOnly? From, DateOnly? To);

    /// <param name="personOrEmail">Whose.</param>
    /// <param name="asked">Of which days.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="books">What it is read from.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, [AsParameters] Asked asked, ClaimsPrincipal caller, [AsParameters] Services books,
        CancellationToken ct)
    {
        var now = books.Clock.GetUtcNow();
        var today = now.UtcDay();
        var first = asked.From ?? new(today.Year, today.Month, 1);
        var after = asked.To ?? new DateOnly(first.Year, first.Month, 1).AddMonths(1);
        if (after <= first)
            return KernelRefusals.PeriodInvalid.ToProblem($"{after:yyyy-MM-dd} is not after {first:yyyy-MM-dd}.");
        var reads = Permissions.WalletsRead;
        if (await Readable.FindAsync(personOrEmail, caller, reads, books.People, ct) is not { } person)
            return Readable.Nobody(personOrEmail);

        var own = new WalletId(person.Id.Value);
        await books.Settlements.BeforeReadingAsync(own, ct);
        var statement = await WalletStatements.ForAsync(
            books.Db, new(own, Asset.Compute, WalletStatements.Own, Midnight(first), Midnight(after)), ct);
        return TypedResults.Ok(new Reply(
            person.Email, person.Name, statement.Wallet, first, after, statement.Opening.Milli,
            [.. statement.Lines.Select(l => new Line(
                l.Day, l.Kind.ToString().ToLowerInvariant(), TransferWords.Of(l.Kind), l.Lot, l.Source,
                GrantSource.InWords(l.Source), l.Amount.Milli, l.Transfers))],
            statement.Closing.Milli, books.Prices.TokenValueAt(now)));
    }

    /// <summary>What it is read from.</summary>
    internal sealed record Services(
        NpgsqlDataSource Db, Settlements Settlements, PeopleDirectory People, PriceBook Prices, TimeProvider Clock);

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(default), TimeSpan.Zero);
}
