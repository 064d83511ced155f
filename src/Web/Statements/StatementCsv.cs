using System.Globalization;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.People;

namespace Stipend.Web;

/// <summary>A month's statement as CSV: the page's lines, amounts in tokens, exact, with a running balance.</summary>
internal static class StatementCsv
{
    public static async Task<Results<FileContentHttpResult, NotFound>> Handle(
        string? month, string? person, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct)
    {
        var asked = person is null ? Access.PersonOf(caller) : PersonId.TryParse(person, out var id) ? id.Value : null;
        if (asked is not { } owner || !Access.MayRead(caller, owner)) return TypedResults.NotFound();

        var span = Month.Read(month, clock.GetUtcNow());
        var statement = await Statements.ForAsync(
            db, new WalletId(owner), Asset.Compute, Statements.Own, span.From, span.To, ct);
        return TypedResults.File(
            Encoding.UTF8.GetBytes(Write(statement)), "text/csv; charset=utf-8", $"statement-{Show.Iso(span)}.csv");
    }

    internal static string Write(Statement statement)
    {
        var text = new StringBuilder("day,what,grant,tokens,balance\r\n");
        var balance = statement.Opening;
        Line(statement.From.UtcDateTime, "Opening balance", "", null);
        foreach (var line in statement.Lines)
        {
            balance += line.Amount;
            Line(line.Day.ToDateTime(default), Show.Kind(line.Kind), line.Source, line.Amount);
        }

        Line(statement.To.UtcDateTime.AddDays(-1), "Closing balance", "", null);
        return text.ToString();

        void Line(DateTime day, string what, string grant, Tokens? amount) => text
            .Append(CultureInfo.InvariantCulture, $"{Show.Iso(DateOnly.FromDateTime(day))},")
            .Append(CultureInfo.InvariantCulture, $"{Csv.Text(what)},{Csv.Text(grant)},")
            .Append(amount is { } a ? Plain(a) : "").Append(',').Append(Plain(balance)).Append("\r\n");
    }

    private static string Plain(Tokens tokens) => tokens.ToString().Replace(",", "", StringComparison.Ordinal);
}
