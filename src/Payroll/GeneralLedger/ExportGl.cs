using System.Runtime.CompilerServices;
using System.Text;
using Guerdon.Kernel;
using Guerdon.Payroll.Settings;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.GeneralLedger;

/// <summary>
/// The general ledger of some days: every transfer in double entry, valued. Written while it is read, so that it may be
/// of any size. The days of one export follow those of another without a gap, and so do their entries. In works-council
/// mode it is of whole months, and what was used is in it as sums of them (<see cref="GlMonths"/>).
/// </summary>
internal static class ExportGl
{
    private const string CurrenciesSql = """
        select distinct n.currency
          from compensation.v_conversion n
          join compensation.v_conversion_step s on s.conversion_id = n.conversion_id
         where n.currency is not null and s.state in ('settled', 'reversed') and s.at < $1
        """;

    /// <param name="Format">csv, hledger or beancount.</param>
    /// <param name="From">First day, where pay is run.</param>
    /// <param name="To">The day after the last.</param>
    public sealed record Asked(string? Format, DateOnly? From, DateOnly? To);

    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Handle(
        [AsParameters] Asked asked, NpgsqlDataSource db, TimeProvider clock, HttpContext context, CancellationToken ct)
    {
        if (GlWriter.Of(asked.Format) is not var (make, mediaType, ending))
            return PayrollRefusals.FormatUnknown.ToProblem($"'{asked.Format}' is not {GlWriter.Formats}.");
        if (asked is not { From: { } from, To: { } to } || to <= from)
            return PayrollRefusals.SpanInvalid.ToProblem("from and to must name days, and to a later one.");

        var book = await GlBook.OpenAsync(db, to, ct);
        var isGroupsOnly = Access.IsGroupsOnly(context.User);
        if (isGroupsOnly && GlMonths.Wrong(from, to, ZoneDays.DayOf(clock.GetUtcNow(), book.Zone)) is { } wrong)
            return PayrollRefusals.SpanInvalid.ToProblem(wrong);
        if (await RateMissingAsync(db, book, to, ct) is { } currency)
            return PayrollRefusals.RateMissing.ToProblem($"What {currency} is worth in USD is not stated.");
        var name = $"general-ledger-{from.Iso()}-{to.Iso()}.{ending}";
        return TypedResults.Stream(async stream =>
        {
            await using var output = new StreamWriter(stream, new UTF8Encoding(false), 65_536, leaveOpen: true);
            var writer = make(output);
            await writer.BeginAsync(from, book.Accounts.Names, context.RequestAborted);
            var entries = book.ReadAsync(db, from, to, context.RequestAborted);
            if (isGroupsOnly) entries = GlMonths.Of(entries, book.Zone, context.RequestAborted);
            await foreach (var entry in entries.WithCancellation(context.RequestAborted))
                await writer.WriteAsync(entry, context.RequestAborted);
        }, mediaType, name);
    }

    // Before the first byte: a stream that has begun cannot be refused.
    private static async Task<string?> RateMissingAsync(
        NpgsqlDataSource db, GlBook book, DateOnly to, CancellationToken ct)
    {
        var currencies = await db.ReadAsync(CurrenciesSql, row => row.Text("currency"), [book.StartOf(to)], ct);
        return currencies.FirstOrDefault(currency => !book.HasRate(currency));
    }
}

/// <summary>What the general ledger is written by: days, names and rates, as payroll settings state them.</summary>
internal sealed class GlBook
{
    private static readonly string RemeasureSql = Sql.Read("Payroll/GeneralLedger/Remeasure.sql");

    private readonly PayCalendar? _calendar;
    private readonly PayrollSettings? _settings;
    private readonly LiabilityRates _rates;

    private GlBook(PayCalendar? calendar, LiabilityRates rates, DateOnly last)
    {
        (_calendar, _rates) = (calendar, rates);
        _settings = calendar?.SettingsOn(last) ?? calendar?.SettingsOn(calendar.Begins);
    }

    /// <summary>The names on the last day, for all of it, so that a balance is not split by a new name.</summary>
    public GlAccounts Accounts => _settings?.Accounts ?? new GlAccounts();

    /// <summary>Where its days begin; UTC without settings.</summary>
    public TimeZoneInfo Zone => _settings?.Zone ?? TimeZoneInfo.Utc;

    /// <param name="db">Where settings are.</param>
    /// <param name="to">The day after the last.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<GlBook> OpenAsync(NpgsqlDataSource db, DateOnly to, CancellationToken ct) =>
        new(await PayrollStore.CalendarAsync(db, ct), await LiabilityRates.ReadAsync(db, ct), to.AddDays(-1));

    public DateTimeOffset StartOf(DateOnly day) => ZoneDays.StartOf(day, Zone);

    /// <summary>Whether every version of the settings says what a currency is worth.</summary>
    public bool HasRate(string currency) => currency == "USD" || (_calendar?.StateRateOf(currency) ?? false);

    /// <summary>The entries of [from, to), in the order they were made. Streamed.</summary>
    public async IAsyncEnumerable<GlEntry> ReadAsync(
        NpgsqlDataSource db, DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken ct)
    {
        var changes = new Queue<RateChange>(_rates.Changes(StartOf(from), StartOf(to)));
        await foreach (var row in GlRows.ReadAsync(db, StartOf(from), StartOf(to), ct))
        {
            while (changes.TryPeek(out var change) && change.At <= row.At)
                foreach (var entry in await RemeasureAsync(db, changes.Dequeue(), ct)) yield return entry;

            var postings = GlRules.Of(
                row, Accounts, row.Payout is { } payout ? RateOf(payout) : 1,
                _rates.At(row.TaxClass, row.Held.Currency, row.At),
                row.Undone is { } undone ? _rates.At(row.TaxClass, row.Held.Currency, undone.At) : null);
            if (postings.Count > 0) yield return GlEntry.Of(ZoneDays.DayOf(row.At, Zone), row, postings);
        }

        while (changes.TryDequeue(out var change))
            foreach (var entry in await RemeasureAsync(db, change, ct)) yield return entry;
    }

    // By class and cost centre, since those are accounts of their own. Nothing where the rates are the same as before.
    private async Task<List<GlEntry>> RemeasureAsync(NpgsqlDataSource db, RateChange change, CancellationToken ct)
    {
        var (before, after) = (_rates.AllAt(change.At.AddTicks(-1)), _rates.AllAt(change.At));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(
            connection, RemeasureSql, change.At, before.Select(r => r.TaxClass).ToArray(),
            before.Select(r => r.Currency).ToArray(), GlRows.Numbers(before, r => r.Rate?.Nanos),
            GlRows.Numbers(before, r => r.Rate?.Milli), GlRows.Numbers(after, r => r.Rate?.Nanos),
            GlRows.Numbers(after, r => r.Rate?.Milli));
        command.CommandTimeout = 0; // as long as there are people; the caller's hanging up ends it
        var changes = await command.ReadAsync(
            row => (
                TaxClass: row.Text("tax_class"), CostCentre: row.Text("cost_centre"), Nanos: row.Bigint("change")),
            ct);
        return
        [
            .. from one in changes
               where one.Nanos != 0
               select new GlEntry(
                   ZoneDays.DayOf(change.At, Zone), change.At, change.Cause, null, 0, "remeasure", one.TaxClass,
                   one.CostCentre, GlRules.Remeasured(one.Nanos, Accounts)),
        ];
    }

    // The rate that was known when it was converted, so that what was exported once does not change with later rates.
    private long RateOf(GlPayout payout) => payout.Currency == "USD" ? Usd.Dollar
        : _rates.SettingsAt(payout.RateAt)?.RateOf(payout.Currency)
            ?? _calendar!.SettingsAt(payout.RateAt).RateOf(payout.Currency)!.Value;
}
