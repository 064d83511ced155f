using System.Globalization;
using System.Text;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Statements;
using Guerdon.Metering.Settlement;
using Guerdon.People;
using Guerdon.Pricing.Book;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Web.Statements;

/// <summary>A month's statement as CSV: the page's lines with its dollars, and tokens, exact, with a
/// running balance.</summary>
internal static class StatementCsv
{
    public static async Task<Results<FileContentHttpResult, NotFound>> Handle(
        string? month, string? person, HttpContext http, [AsParameters] Sources books, CancellationToken ct)
    {
        var asked = person is null ? Access.PersonOf(http.User)
            : PersonId.TryParse(person, out var id) ? id.Value : null;
        if (asked is not { } owner || !Access.May(http.User, Permissions.WalletsRead, owner))
            return TypedResults.NotFound();
        LookedAt.Say(http, owner);

        var span = Month.Read(month, books.Clock.GetUtcNow());
        await books.Settlements.BeforeReadingAsync(new(owner), ct);
        var statement = await WalletStatements.ForAsync(
            books.Db, new(new(owner), Asset.Compute, WalletStatements.Own, span.From, span.To), ct);
        var content = Write(statement, books.Prices.TokenValueAt(books.Clock.GetUtcNow()));
        return TypedResults.File(
            Encoding.UTF8.GetBytes(content), "text/csv; charset=utf-8", $"statement-{Show.Iso(span)}.csv");
    }

    /// <summary>What it is read from.</summary>
    internal sealed record Sources(
        NpgsqlDataSource Db, Settlements Settlements, PriceBook Prices, TimeProvider Clock);

    /// <param name="statement">What it says.</param>
    /// <param name="tokenValue">Nano-USD that one token is worth.</param>
    internal static string Write(Statement statement, long tokenValue)
    {
        var text = new StringBuilder("day,what,grant,usd,tokens,balance_usd,balance\r\n");
        var balance = statement.Opening;
        Line(Day(statement.From), "Opening balance", "", ",");
        var worths = CentsColumn.Of(statement.Opening, statement.Lines.Select(l => l.Amount), tokenValue);
        foreach (var (line, worth) in statement.Lines.Zip(worths))
        {
            balance += line.Amount;
            Line(Show.Iso(line.Day), Show.Kind(line.Kind), GrantSource.InWords(line.Source),
                $"{worth?.Plain},{Plain(line.Amount)}");
        }

        Line(Day(statement.To.AddDays(-1)), "Closing balance", "", ",");
        return text.ToString();

        void Line(string day, string what, string grant, string moved) => text.Append(
            CultureInfo.InvariantCulture,
            $"{day},{Csv.Text(what)},{Csv.Text(grant)},{moved},{balance.WorthAt(tokenValue)?.Plain},")
            .Append(Plain(balance)).Append("\r\n");
    }

    private static string Day(DateTimeOffset at) => Show.Iso(DateOnly.FromDateTime(at.UtcDateTime));

    private static string Plain(Tokens tokens) => tokens.ToString().Replace(",", "", StringComparison.Ordinal);
}
