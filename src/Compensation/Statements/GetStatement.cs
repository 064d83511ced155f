using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.People;

namespace Stipend.Compensation;

/// <summary>A person's statement: what they had, what moved, what they have. It re-adds, or it is not given.</summary>
public static class GetStatement
{
    /// <param name="From">First day (UTC).</param>
    /// <param name="To">The day behind the last.</param>
    public sealed record Reply(
        string Person, string Name, WalletId Wallet, DateOnly From, DateOnly To, long OpeningMilli,
        IReadOnlyList<Line> Lines, long ClosingMilli);

    /// <summary>The transfers of one kind, day and lot, added up; what left the wallet is negative.</summary>
    public sealed record Line(DateOnly Day, string Kind, int Lot, string Source, long AmountMilli, int Transfers);

    /// <param name="From">First day; null: the first of this month.</param>
    /// <param name="To">The day behind the last; null: the first of the month behind the first day's.</param>
    public sealed record Asked(DateOnly? From, DateOnly? To);

    /// <param name="personOrEmail">Whose.</param>
    /// <param name="asked">Of which days.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="people">To find them.</param>
    /// <param name="db">Read only.</param>
    /// <param name="clock">This month.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, [AsParameters] Asked asked, ClaimsPrincipal caller, PeopleDirectory people,
        NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var first = asked.From ?? new(today.Year, today.Month, 1);
        var behind = asked.To ?? new DateOnly(first.Year, first.Month, 1).AddMonths(1);
        if (behind <= first)
            return CompensationRefusals.PeriodInvalid.ToProblem(
                $"{behind:yyyy-MM-dd} is not after {first:yyyy-MM-dd}.");
        if (await Readable.FindAsync(personOrEmail, caller, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);

        var statement = await Stipend.Ledger.Statements.ForAsync(
            db, new(person.Id.Value), Asset.Compute, Stipend.Ledger.Statements.Own, Midnight(first),
            Midnight(behind), ct);
        return TypedResults.Ok(new Reply(
            person.Email, person.Name, statement.Wallet, first, behind, statement.Opening.Milli,
            [.. statement.Lines.Select(l => new Line(
                l.Day, l.Kind.ToString().ToLowerInvariant(), l.Lot, l.Source, l.Amount.Milli, l.Transfers))],
            statement.Closing.Milli));
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(default), TimeSpan.Zero);
}
