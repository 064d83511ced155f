using System.Numerics;
using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.Payroll.Settings;
using Guerdon.Payroll.Terms;
using Npgsql;

namespace Guerdon.Payroll.GeneralLedger;

/// <summary>What is owed for vested tokens: so many nano-USD for so many milli-tokens, exactly.</summary>
internal readonly record struct LiabilityRate(Int128 Nanos, Int128 Milli)
{
    /// <summary>Nano-USD for milli-tokens, rounded half up. <c>Accruals.sql</c> and <c>Remeasure.sql</c>
    /// compute the same.</summary>
    /// <exception cref="OverflowException">More than 9.2 billion USD for one lot.</exception>
    public long Of(long milli) => (long)((2 * (BigInteger)milli * Nanos + Milli) / (2 * (BigInteger)Milli));
}

/// <summary>An instant at which rates change, and why.</summary>
/// <param name="At">From then on the new ones hold.</param>
/// <param name="Cause">The version of the terms or of the payroll settings, by its id.</param>
internal readonly record struct RateChange(DateTimeOffset At, string Cause);

/// <summary>A rate of one class in one currency; null: a lot's own value holds.</summary>
/// <param name="TaxClass">One that can become pay.</param>
/// <param name="Currency">Of money; empty for what is none.</param>
internal readonly record struct ClassRate(string TaxClass, string Currency, LiabilityRate? Rate);

/// <summary>
/// The rates at which tokens can be cashed, as they were over time. What the terms pay for a token is what is owed for
/// it; where they say nothing of a class or currency, or nobody stated what a day or a currency is worth, a lot's own
/// value is. No I/O after reading.
/// </summary>
internal sealed class LiabilityRates
{
    private readonly List<(DateTimeOffset At, AppliedTerms Terms)> _terms;
    private readonly List<(DateTimeOffset At, string Id, PayrollSettings Settings)> _settings;

    public LiabilityRates(IReadOnlyList<AppliedTerms> terms, IReadOnlyList<AppliedPayroll> settings)
    {
        // A version that was applied late counts only from then, since what was booked before must not change.
        _terms =
        [
            .. terms.OrderBy(t => t.Version).Select(
                t => (Later(ZoneDays.StartOf(t.EffectiveFrom, TimeZoneInfo.Utc), t.AppliedAt), t)),
        ];
        _settings = [.. settings.OrderBy(s => s.Version).Select(Counted)];
    }

    public static async Task<LiabilityRates> ReadAsync(NpgsqlDataSource db, CancellationToken ct) => new(
        await ConversionTermsStore.AllAsync(db, ct), await PayrollStore.AllAsync(db, ct));

    /// <summary>The rate of a class in the currency of a person's pay at an instant.</summary>
    public LiabilityRate? At(string taxClass, string currency, DateTimeOffset at)
    {
        if (TaxClass.Find(taxClass)?.ConvertsTo is not { } into) return null;
        if (TermsAt(at)?.Forms.FirstOrDefault(f => f.Form == into) is not { } form) return null;
        var money = into == PayForm.Cash ? currency : null;
        if (!form.Rates.TryGetValue(money ?? "", out var rate)) return null;
        return RateBook.UnitNanos(form, money, SettingsAt(at)) is { } nanos
            ? new((Int128)rate.Units * nanos, (Int128)rate.Milli * RateBook.SmallestIn(into, money)) : null;
    }

    /// <summary>The settings that were known at an instant, and in effect; null before the first.</summary>
    public PayrollSettings? SettingsAt(DateTimeOffset at) => _settings.LastOrDefault(s => s.At <= at).Settings;

    /// <summary>Every class and currency that the terms of any time have a rate for, at an instant.</summary>
    public IReadOnlyList<ClassRate> AllAt(DateTimeOffset at) =>
    [
        .. _terms.SelectMany(t => t.Terms.Terms.Forms)
            .SelectMany(form => form.Rates.Keys.Select(currency => (PayForms.ClassOf(form.Form).Name, currency)))
            .Distinct().Select(of => new ClassRate(of.Name, of.currency, At(of.Name, of.currency, at))),
    ];

    /// <summary>The instants of [from, to) at which rates may change, in order.</summary>
    public IReadOnlyList<RateChange> Changes(DateTimeOffset from, DateTimeOffset to) =>
    [
        .. _terms.Select(t => new RateChange(t.At, $"{t.Terms.Id}"))
            .Concat(_settings.Select(s => new RateChange(s.At, s.Id)))
            .Where(change => change.At >= from && change.At < to).DistinctBy(change => change.At)
            .OrderBy(change => change.At),
    ];

    private ConversionTerms? TermsAt(DateTimeOffset at) => _terms.LastOrDefault(t => t.At <= at).Terms?.Terms;

    private static (DateTimeOffset At, string Id, PayrollSettings Settings) Counted(AppliedPayroll applied)
    {
        var settings = PayrollSettingsFile.ReadApplied(applied.Yaml);
        return (
            Later(ZoneDays.StartOf(applied.EffectiveFrom, settings.Zone), applied.AppliedAt), $"{applied.Id}",
            settings);
    }

    private static DateTimeOffset Later(DateTimeOffset start, DateTimeOffset at) => start > at ? start : at;
}
