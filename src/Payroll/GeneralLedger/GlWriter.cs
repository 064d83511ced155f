using System.Globalization;
using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Payroll.GeneralLedger;

/// <summary>Writes entries of the general ledger in one format. Amounts are exact, with a sign where they
/// are credits.</summary>
internal abstract class GlWriter(TextWriter output)
{
    private const int TokenScale = 3, UsdScale = 9;

    /// <summary>Which there are.</summary>
    public const string Formats = "csv, hledger or beancount";

    /// <summary>The writer of a format, with its media type and a file's ending; null: there is no
    /// such format.</summary>
    public static (Func<TextWriter, GlWriter> Make, string MediaType, string Ending)? Of(string? format) =>
        format switch
        {
            "csv" => (output => new GlCsv(output), "text/csv; charset=utf-8", "csv"),
            "hledger" => (output => new HledgerJournal(output), "text/plain; charset=utf-8", "journal"),
            "beancount" => (output => new BeancountJournal(output), "text/plain; charset=utf-8", "beancount"),
            _ => null,
        };

    /// <summary>What stands before the first entry.</summary>
    /// <param name="from">The first day there may be entries of.</param>
    /// <param name="accounts">All accounts.</param>
    public abstract Task BeginAsync(DateOnly from, IReadOnlyList<string> accounts, CancellationToken ct);

    public abstract Task WriteAsync(GlEntry entry, CancellationToken ct);

    protected Task PutAsync(string text, CancellationToken ct) => output.WriteAsync(text.AsMemory(), ct);

    protected static string Amount(GlPosting posting)
    {
        var scale = posting.Commodity == GlRules.Usd ? UsdScale : TokenScale;
        return Decimals.Format(posting.Amount, scale, scale).Replace(",", "", StringComparison.Ordinal);
    }

    /// <summary>The lot, or nothing where an entry is of many.</summary>
    protected static string LotOf(GlEntry entry) =>
        entry.Wallet is null ? "" : entry.Lot.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text from people's records, of which only what no journal gives a meaning to is kept.</summary>
    protected static string Plain(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
            kept.Append(char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '-' or '_' or '/' ? c : '_');
        return kept.ToString().Trim();
    }
}

/// <summary>One line a posting.</summary>
internal sealed class GlCsv(TextWriter output) : GlWriter(output)
{
    public override Task BeginAsync(DateOnly from, IReadOnlyList<string> accounts, CancellationToken ct) => PutAsync(
        "date,at,transfer,wallet,lot,kind,tax_class,cost_centre,account,commodity,amount\r\n", ct);

    public override async Task WriteAsync(GlEntry entry, CancellationToken ct)
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"{entry.Day.Iso()},{entry.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ},{entry.Source},{entry.Wallet},"
            + $"{LotOf(entry)},{entry.Kind},{entry.TaxClass},{Csv.Text(entry.CostCentre)},");
        foreach (var posting in entry.Postings)
            await PutAsync($"{head}{posting.Account},{posting.Commodity},{Amount(posting)}\r\n", ct);
    }
}

/// <summary>A journal for hledger and ledger.</summary>
internal sealed class HledgerJournal(TextWriter output) : GlWriter(output)
{
    private static readonly string[] Tags = ["transfer", "wallet", "lot", "tax_class", "cost_centre"];

    public override async Task BeginAsync(DateOnly from, IReadOnlyList<string> accounts, CancellationToken ct)
    {
        await PutAsync("; Made by Guerdon. A debit is positive. CTOK: compute tokens, RTOK: reward tokens.\n", ct);
        foreach (var (commodity, zeros) in ((string, string)[])[("CTOK", "000"), ("RTOK", "000"), ("USD", "000000000")])
            await PutAsync($"commodity {commodity}\n    format 1000.{zeros} {commodity}\n", ct);
        foreach (var tag in Tags) await PutAsync($"tag {tag}\n", ct);
        foreach (var account in accounts) await PutAsync($"account {account}\n", ct);
    }

    public override async Task WriteAsync(GlEntry entry, CancellationToken ct)
    {
        await PutAsync($"\n{entry.Day.Iso()} {entry.Kind}\n    ; transfer: {entry.Source}\n", ct);
        if (entry.Wallet is { } wallet)
            await PutAsync($"    ; wallet: {wallet}\n    ; lot: {LotOf(entry)}\n", ct);
        if (entry.TaxClass.Length > 0)
            await PutAsync(
                $"    ; tax_class: {Plain(entry.TaxClass)}\n    ; cost_centre: {Plain(entry.CostCentre)}\n", ct);
        foreach (var posting in entry.Postings)
            await PutAsync($"    {posting.Account}  {Amount(posting)} {posting.Commodity}\n", ct);
    }
}

/// <summary>A journal for beancount.</summary>
internal sealed class BeancountJournal(TextWriter output) : GlWriter(output)
{
    public override async Task BeginAsync(DateOnly from, IReadOnlyList<string> accounts, CancellationToken ct)
    {
        await PutAsync("; Made by Guerdon. A debit is positive. CTOK: compute tokens, RTOK: reward tokens.\n"
            + "option \"operating_currency\" \"USD\"\n", ct);
        foreach (var commodity in (string[])[GlRules.Compute, GlRules.Reward, GlRules.Usd])
            await PutAsync($"{from.Iso()} commodity {commodity}\n", ct);
        foreach (var account in accounts) await PutAsync($"{from.Iso()} open {account}\n", ct);
    }

    public override async Task WriteAsync(GlEntry entry, CancellationToken ct)
    {
        await PutAsync($"\n{entry.Day.Iso()} * \"{entry.Kind}\"\n  transfer: \"{entry.Source}\"\n", ct);
        if (entry.Wallet is { } wallet)
            await PutAsync($"  wallet: \"{wallet}\"\n  lot: {LotOf(entry)}\n", ct);
        if (entry.TaxClass.Length > 0)
            await PutAsync(
                $"  tax_class: \"{Plain(entry.TaxClass)}\"\n  cost_centre: \"{Plain(entry.CostCentre)}\"\n", ct);
        foreach (var posting in entry.Postings)
            await PutAsync($"  {posting.Account}  {Amount(posting)} {posting.Commodity}\n", ct);
    }
}
