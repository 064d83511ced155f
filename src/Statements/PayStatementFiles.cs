using System.Globalization;
using System.Text;
using Guerdon.Documents;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;

namespace Guerdon.Statements;

/// <summary>A pay period's statement as CSV and as PDF: the same figures.</summary>
internal static class PayStatementFiles
{
    private const string Note = "Worth at the value of each grant. Opening balance and lines add up to the closing "
        + "balance, which is read from the ledger apart from them.";

    public static byte[] Csv(PayStatement statement)
    {
        var text = new StringBuilder("asset,day,what,grant,tokens,balance,worth_usd\r\n");
        foreach (var part in statement.Assets)
        {
            var balance = part.OpeningMilli;
            Line(part.Asset, statement.First, "Opening balance", "", null, balance, part.OpeningUsdNanos);
            foreach (var line in part.Lines)
            {
                balance += line.AmountMilli;
                Line(part.Asset, line.Day, line.What, Grant(line.Source), line.AmountMilli, balance, null);
            }

            Line(part.Asset, statement.Last, "Closing balance", "", null, part.ClosingMilli, part.ClosingUsdNanos);
        }

        foreach (var next in statement.Vests)
            Line(next.Asset, next.Day, "Vests", Grant(next.Source), next.AmountMilli, null, null);
        foreach (var next in statement.Expires)
            Line(next.Asset, next.Day, "Expires", Grant(next.Source), next.AmountMilli, null, null);
        foreach (var alone in statement.DecidedAlone)
            Line("", alone.At.UtcDay(), alone.InWords(), "", null, null, null);
        return Encoding.UTF8.GetBytes(text.ToString());

        void Line(string asset, DateOnly day, string what, string grant, long? milli, long? balance, long? nanos) =>
            text.Append(CultureInfo.InvariantCulture,
                $"{asset},{day:yyyy-MM-dd},{Kernel.Csv.Text(what)},{Kernel.Csv.Text(grant)},{Plain(milli)},")
                .Append(CultureInfo.InvariantCulture,
                    $"{Plain(balance)},{(nanos is { } worth ? new Usd(worth).Plain : "")}\r\n");
    }

    /// <param name="statement">What it says.</param>
    /// <param name="made">When it was asked for.</param>
    public static byte[] Pdf(PayStatement statement, DateTimeOffset made)
    {
        var span = $"{Day(statement.First)} to {Day(statement.Last)}";
        var pages = new PdfPages($"Statement, {span}", "en", $"{statement.Name} · {span}", made);
        pages.Title("Statement of tokens");
        pages.Rows(
        [
            ("For", $"{statement.Name}, {statement.Person}"), ("Pay period", $"{span} ({statement.TimeZone})"),
            ("Pay day", Day(statement.PayDay)), ("Wallet", statement.Wallet.ToString()),
        ]);
        foreach (var part in statement.Assets)
        {
            pages.Heading(part.Asset == "compute" ? "Compute tokens" : "Reward tokens");
            pages.Paragraph($"Worth {new Usd(part.OpeningUsdNanos).Cents} USD at the start, "
                + $"{new Usd(part.ClosingUsdNanos).Cents} USD at the end.");
            pages.Table(
                [new("Day", 22), new("What", 20), new("Grant", 35), new("Tokens", 23, true)],
                [
                    Balance("Opening balance", part.OpeningMilli),
                    .. part.Lines.Select(l => new PdfRow([Day(l.Day), l.What, Grant(l.Source), Tokens(l.AmountMilli)])),
                    Balance("Closing balance", part.ClosingMilli),
                ]);
        }

        Coming(pages, "Vests next", statement.Vests);
        Coming(pages, "Expires next", statement.Expires);
        if (statement.DecidedAlone.Count > 0) pages.Heading("Decided alone");
        foreach (var alone in statement.DecidedAlone) pages.Paragraph(alone.InWords());
        pages.Paragraph(Note, isSoft: true);
        return pages.ToArray();
    }

    private static void Coming(PdfPages pages, string heading, IReadOnlyList<PayStatement.Coming> list)
    {
        if (list.Count == 0) return;
        pages.Heading(heading);
        pages.Table(
            [new("Day", 22), new("Asset", 20), new("Grant", 35), new("Tokens", 23, true)],
            [.. list.Select(c => new PdfRow([Day(c.Day), c.Asset, Grant(c.Source), Tokens(c.AmountMilli)]))]);
    }

    private static PdfRow Balance(string words, long milli) => new(["", words, "", Tokens(milli)], IsTotal: true);

    private static string Tokens(long milli) => new Tokens(milli).ToString();

    private static string Grant(string source) => GrantSource.InWords(source);

    private static string Plain(long? milli) => milli is { } number
        ? Tokens(number).Replace(",", "", StringComparison.Ordinal) : "";

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
