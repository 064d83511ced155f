using System.Globalization;
using Guerdon.Kernel;

namespace Guerdon.Payroll.Terms;

/// <summary>Compares the rates of a file of terms with what tokens are worth. A rate that pays more than twice or less
/// than half of it, or that nothing says the worth of, needs a stated reason.</summary>
internal static class ConversionRateCheck
{
    private const string OrReason = ", or say under 'reason' why it is so.";

    /// <summary>Adds an error for each currency whose rate needs a reason and has none.</summary>
    /// <param name="rates">The mapping from currencies to rates.</param>
    /// <param name="form">As it was read from it.</param>
    /// <param name="book">Values of today.</param>
    public static void Money(YamlMap rates, FormTerms form, RateBook book)
    {
        if (form.Reason is not null) return;
        foreach (var (currency, rate) in form.Rates)
        {
            var standing = book.Hold(form, currency, rate);
            if (standing == RateStanding.Near) continue;
            rates.WrongAt(currency, standing == RateStanding.Unknown
                ? $"cannot be compared with a token's value: payroll settings do not say what {currency} is worth. "
                  + "Add it to their 'currencies'" + OrReason
                : Says(form, currency, rate, book) + $"Correct the rate{OrReason}");
        }
    }

    /// <summary>The same for days off and equity.</summary>
    /// <param name="map">The form's mapping.</param>
    /// <param name="form">As it was read from it.</param>
    /// <param name="book">Values of today.</param>
    /// <param name="tokensKey">The key of its rate.</param>
    /// <param name="worthKey">The key that says what one unit is worth.</param>
    public static void Units(YamlMap map, FormTerms form, RateBook book, string tokensKey, string worthKey)
    {
        if (form.Reason is not null) return;
        var rate = form.Rates[""];
        var standing = book.Hold(form, null, rate);
        if (standing == RateStanding.Unknown)
            map.WrongAt(tokensKey, $"cannot be compared with a token's value: say under '{worthKey}' what one is worth "
                + $"in USD{OrReason}");
        else if (standing != RateStanding.Near)
            map.WrongAt(tokensKey, Says(form, null, rate, book) + $"Correct it or '{worthKey}'{OrReason}");
    }

    /// <summary>Adds an error for a cap that nobody's smallest conversion fits into.</summary>
    public static void Caps(YamlMap map, FormTerms form)
    {
        foreach (var currency in form.Rates.Keys)
        {
            var smallest = form.SmallestMilli(currency);
            foreach (var (key, most) in new[]
            {
                ("most_per_window", form.MostPerWindowMilli), ("most_per_year", form.MostPerYearMilli),
            })
                if (most >= form.LeastMilli && most < smallest)
                    map.WrongAt(key, $"is below the {new Tokens(smallest)} tokens that the smallest conversion"
                        + $"{(currency.Length == 0 ? "" : $" to {currency}")} takes; nobody could convert.");
        }
    }

    private static string Says(FormTerms form, string? currency, ConversionRate rate, RateBook book)
    {
        const long million = 1_000_000_000; // in milli-tokens: a value of one token is too small to read
        var paid = book.PaidFor(form, currency, rate, million)!.Value;
        return string.Create(CultureInfo.InvariantCulture,
            $"pays {Exact(paid)} USD for a million tokens, which are worth {Exact(book.ValueOf(million))} USD. ");
    }

    // A rate a little over its limit must not look as if it were at it.
    private static string Exact(long nanos) => Decimals.Format(nanos, 9, 2);
}
