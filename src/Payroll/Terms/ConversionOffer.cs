using System.Globalization;
using Guerdon.Kernel;
using Guerdon.People.Employees;

namespace Guerdon.Payroll.Terms;

/// <summary>All that terms offer somebody on a day, by what it is. Nothing that is not theirs is in it, such as rates
/// of other currencies.</summary>
internal static class ConversionOffer
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>By form, <c>claims</c> and <c>conditions</c>; empty: nothing is offered.</summary>
    public static IReadOnlyDictionary<string, string> Of(ConversionTerms? terms, Person person, DateOnly day)
    {
        if (terms is null || person.IsBot) return Nothing;
        var offers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var form in terms.Forms.Where(form => form.Excludes(person, day) is null))
            if (FormOf(form, person.Currency) is { } text) offers[PayForms.NameOf(form.Form)] = text;
        if (terms.Claims is { } claims)
            offers["claims"] = string.Create(CultureInfo.InvariantCulture,
                $"of {string.Join(", ", claims.Services)} within {claims.WithinDays} days");
        if (offers.Count > 0) offers["conditions"] = ConditionsOf(terms);
        return offers;
    }

    /// <summary>An offer as a sentence has it.</summary>
    public static string InWords(IReadOnlyDictionary<string, string> offer) =>
        offer.Count == 0 ? "nothing" : string.Join("; ", offer.Select(one => $"{one.Key}: {one.Value}"));

    private static string ConditionsOf(ConversionTerms terms)
    {
        var windows = terms.Windows.Select(w => w.IsYearly ? $"{w.Name} {w.From:MM-dd} to {w.To:MM-dd} each year"
            : $"{w.Name} {w.From.InWords()} to {w.To.InWords()}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{terms.NoticeDays} days of notice, rates locked for {terms.LockFor.TotalHours:0.##} hours, "
            + $"{(terms.NeedsApproval ? "approved by another" : "no approval")}, "
            + $"in {(terms.Windows.Count == 0 ? "no window" : string.Join(", ", windows))}");
    }

    // At the one rate that is theirs: of money, that of the currency of their pay. Null: there is none.
    private static string? FormOf(FormTerms form, string currency)
    {
        var (unit, key) = form.Rates.ContainsKey("") ? (form.Unit, "") : (currency, currency);
        return !form.Rates.TryGetValue(key, out var rate) ? null : string.Create(CultureInfo.InvariantCulture,
            $"{rate.Units} of the smallest unit of {unit} for {new Tokens(rate.Milli)}; "
            + $"least {form.LeastMilli}, most {form.MostPerWindowMilli} a window and "
            + $"{form.MostPerYearMilli} a year, in milli-tokens");
    }
}
