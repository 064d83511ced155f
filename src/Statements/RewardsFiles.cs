using System.Globalization;
using System.Text;
using Guerdon.Documents;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Payroll.Terms;

namespace Guerdon.Statements;

/// <summary>Total rewards of a year as CSV and as PDF: the same figures.</summary>
internal static class RewardsFiles
{
    public static byte[] Csv(TotalRewards.Reply reply)
    {
        var text = new StringBuilder("part,period,grant,amount,currency,tokens,explanation\r\n");
        Line("Base pay", "", "", Pay(reply.BaseEarnedCents, reply), reply.Currency, "", Days(reply));
        Line("Other pay", "", "", Pay(reply.OtherEarnedCents, reply), reply.Currency, "", Days(reply));
        foreach (var (grant, worth) in reply.Grants.Zip(Worths(reply)))
            Line("Tokens", grant.Period, NameOf(grant), worth.Plain, "USD", Tokens(grant.AmountMilli),
                grant.Explanation);
        if (reply.TotalUsdNanos is { } total) Line("In all", "", "", new Usd(total).Plain, "USD", "", Rate(reply));
        foreach (var paid in reply.PaidOut)
            Line("Paid out of it", "", paid.TaxClass, Amount(paid), paid.Currency ?? paid.Unit, "", paid.Form);
        foreach (var alone in reply.DecidedAlone) Line("Decided alone", "", "", "", "", "", alone.InWords());
        return Encoding.UTF8.GetBytes(text.ToString());

        void Line(
            string part, string period, string grant, string amount, string currency, string tokens, string why) =>
            text.Append(CultureInfo.InvariantCulture,
                $"{Kernel.Csv.Text(part)},{period},{Kernel.Csv.Text(grant)},{Plain(amount)},{currency},"
                + $"{Plain(tokens)},")
                .Append(Kernel.Csv.Text(why)).Append("\r\n");
    }

    /// <param name="reply">What it says.</param>
    /// <param name="made">When it was asked for.</param>
    public static byte[] Pdf(TotalRewards.Reply reply, DateTimeOffset made)
    {
        var pages = new PdfPages($"Total rewards {reply.Year}", "en", $"{reply.Name} · {reply.Year}", made);
        pages.Title($"Total rewards {reply.Year}");
        pages.Rows([("For", reply.Name), ("Employed", Days(reply))]);
        pages.Heading("Pay and tokens");
        pages.Table(
            [new("Part", 40), new("Amount", 30, true), new("Currency", 20)],
            [
                new(["Base pay", Pay(reply.BaseEarnedCents, reply), reply.Currency]),
                new(["Other pay", Pay(reply.OtherEarnedCents, reply), reply.Currency]),
                new([$"{Tokens(reply.TokensMilli)} tokens", Usd(reply.TokensUsdNanos), "USD"]),
                .. reply.TotalUsdNanos is { } total
                    ? new PdfRow[] { new(["In all", Usd(total), "USD"], IsTotal: true) } : [],
            ]);
        pages.Paragraph(Rate(reply), isSoft: true);
        if (reply.Grants.Count > 0)
        {
            pages.Heading("Tokens, grant by grant");
            pages.Table(
                [new("Period", 12), new("Grant", 26), new("Why", 40), new("USD", 18, true), new("Tokens", 22, true)],
                [
                    .. reply.Grants.Zip(Worths(reply), (g, worth) => new PdfRow(
                        [g.Period, NameOf(g), g.Explanation, worth.Cents, Tokens(g.AmountMilli)])),
                    new(["", "In all", "", Usd(reply.TokensUsdNanos), Tokens(reply.TokensMilli)], IsTotal: true),
                ]);
        }

        if (reply.PaidOut.Count > 0)
        {
            pages.Heading("Paid out of it");
            pages.Table(
                [new("Form", 30), new("Tax class", 30), new("Amount", 25, true), new("Unit", 15)],
                [.. reply.PaidOut.Select(p => new PdfRow([p.Form, p.TaxClass, Amount(p), p.Currency ?? p.Unit]))]);
        }

        if (reply.DecidedAlone.Count > 0) pages.Heading("Decided alone");
        foreach (var alone in reply.DecidedAlone) pages.Paragraph(alone.InWords());
        return pages.ToArray();
    }

    private static string Days(TotalRewards.Reply reply) => $"{reply.DaysEmployed} of {reply.DaysOfYear} days";

    private static string Rate(TotalRewards.Reply reply) => reply switch
    {
        { Currency: "USD" } => "Pay and tokens are both in USD.",
        { RateNanos: { } nanos } => $"One {reply.Currency} is counted as {Decimals.Format(nanos, 9, 2)} USD.",
        _ => $"Not added: nobody stated what one {reply.Currency} is worth in USD.",
    };

    private static string Pay(long kept, TotalRewards.Reply reply) => Currencies.Format(kept, reply.Currency);

    private static string Amount(TotalRewards.Paid paid) => paid.Form == PayForms.Equity
        ? Decimals.Format(paid.Amount, 0, 0) : Currencies.Format(paid.Amount, paid.Currency);

    private static string Usd(long nanos) => new Usd(nanos).Cents;

    private static IReadOnlyList<Usd> Worths(TotalRewards.Reply reply) =>
        CentsColumn.Of(reply.Grants.Select(g => new Usd(g.UsdNanos)));

    private static string NameOf(TotalRewards.Grant grant)
    {
        var kind = GrantSource.Kind(grant.Kind);
        return grant.Plan == grant.Kind ? kind : $"{kind}, plan {grant.Plan}";
    }

    private static string Tokens(long milli) => new Tokens(milli).ToString();

    private static string Plain(string figure) => figure.Replace(",", "", StringComparison.Ordinal);
}
