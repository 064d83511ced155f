using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.Payroll.Settings;
using Guerdon.Pricing.Book;
using Npgsql;

namespace Guerdon.Payroll.Terms;

/// <summary>What tokens and currencies are worth on a day: what the rates of conversion are compared
/// with. No I/O.</summary>
/// <param name="TokenNanos">Nano-USD that one token is worth by the price book.</param>
/// <param name="Payroll">Payroll settings of the day, whose <c>currencies</c> say what money is worth;
/// null: none yet.</param>
public sealed record RateBook(long TokenNanos, PayrollSettings? Payroll)
{
    private const int MilliPerToken = 1_000, Hundredths = 100;

    /// <summary>Nano-USD that milli-tokens are worth, rounded half up.</summary>
    public long ValueOf(long milli) => Divide((Int128)milli * TokenNanos, MilliPerToken);

    /// <summary>Nano-USD that a conversion pays out, rounded half up; null where nobody stated a value.</summary>
    /// <param name="terms">Of the form that was chosen.</param>
    /// <param name="units">Hundredths of money or of a day, whole units of equity.</param>
    /// <param name="currency">Of money; null for what is none.</param>
    public long? ValueOf(FormTerms terms, long units, string? currency) =>
        UnitNanos(terms, currency, Payroll) is { } nanos
            ? Divide((Int128)units * nanos, SmallestIn(terms.Form, currency)) : null;

    /// <summary>How a rate stands to a token's value.</summary>
    public RateStanding Hold(FormTerms terms, string? currency, ConversionRate rate)
    {
        if (UnitNanos(terms, currency, Payroll) is not { } nanos) return RateStanding.Unknown;
        var paid = (Int128)rate.Units * nanos * MilliPerToken; // for the tokens, times what follows
        var worth = (Int128)rate.Milli * SmallestIn(terms.Form, currency) * TokenNanos;
        return paid > 2 * worth ? RateStanding.Over : 2 * paid < worth ? RateStanding.Under : RateStanding.Near;
    }

    /// <summary>Nano-USD that so many tokens bring, rounded half up; null where nobody stated a value.</summary>
    public long? PaidFor(FormTerms terms, string? currency, ConversionRate rate, long milli) =>
        UnitNanos(terms, currency, Payroll) is { } nanos
            ? Divide((Int128)milli * rate.Units * nanos, (Int128)rate.Milli * SmallestIn(terms.Form, currency)) : null;

    /// <summary>How many of the smallest amounts that are paid make a whole unit.</summary>
    /// <param name="form">What is paid.</param>
    /// <param name="currency">Of money; else null or empty.</param>
    public static int SmallestIn(PayForm form, string? currency) => form switch
    {
        PayForm.Cash => (int)Currencies.PerUnit(currency ?? ""),
        PayForm.TimeOff => Hundredths,
        _ => 1,
    };

    /// <summary>Nano-USD that one unit of what is paid is worth; null: nobody stated it.</summary>
    internal static long? UnitNanos(FormTerms terms, string? currency, PayrollSettings? payroll)
    {
        if (terms.Form != PayForm.Cash) return terms.UnitUsdNanos;
        return currency == "USD" ? Usd.Dollar : payroll?.RateOf(currency ?? "");
    }

    // Cut off at 9.2 billion USD rather than refused, since no rate that pays so much is near a token's value.
    private static long Divide(Int128 value, Int128 by) => (long)Int128.Min((2 * value + by) / (2 * by), long.MaxValue);
}

/// <summary>How what a rate pays stands to what the tokens are worth.</summary>
public enum RateStanding
{
    /// <summary>Between half of it and twice as much.</summary>
    Near,

    /// <summary>More than twice as much.</summary>
    Over,

    /// <summary>Less than half.</summary>
    Under,

    /// <summary>Nobody stated what the payment is worth.</summary>
    Unknown,
}

/// <summary>Reads what a <see cref="RateBook"/> says.</summary>
public sealed class RateBooks(NpgsqlDataSource db, PriceBook prices)
{
    /// <summary>The same over a connection that is open already.</summary>
    internal async Task<RateBook> AtAsync(NpgsqlConnection on, DateTimeOffset at, CancellationToken ct) => new(
        prices.TokenValueAt(at), PayrollStore.CalendarOf(await PayrollStore.AllAsync(on, ct))?.SettingsAt(at));

    /// <summary>The book of an instant. Before the first payroll settings, the first ones hold.</summary>
    public async Task<RateBook> AtAsync(DateTimeOffset at, CancellationToken ct) =>
        new(prices.TokenValueAt(at), (await PayrollStore.CalendarAsync(db, ct))?.SettingsAt(at));
}
