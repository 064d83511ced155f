using System.Globalization;
using Guerdon.Kernel;
using Guerdon.People.Employees;

namespace Guerdon.Payroll.Terms;

/// <summary>All that terms offer somebody on a day, by what it is. Nothing that is not theirs is in it, such as rates
/// of other currencies.</summary>
internal static class ConversionOffer
{
    private const string Claims = "claims", DaysToClaim = "days to claim";

    /// <summary>Whether a part of an offer, as a difference names it, is of claims.</summary>
    public static bool IsOfClaims(string part) => part.StartsWith(Claims, StringComparison.Ordinal)
        || part.StartsWith(DaysToClaim, StringComparison.Ordinal);

    /// <summary>By form and part, such as <c>cash, rate</c>, then claims and conditions; empty: nothing is offered.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Of(ConversionTerms terms, Person person, DateOnly day)
    {
        var offers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (person.IsBot) return offers;
        foreach (var form in terms.Forms.Where(form => form.Excludes(person, day) is null))
            Add(offers, form, person.Currency);
        if (terms.Claims is { } claims)
        {
            offers[Claims] = string.Join(", ", claims.Services);
            offers[DaysToClaim] = Text(claims.WithinDays);
        }

        if (offers.Count == 0) return offers;
        offers["days of notice"] = Text(terms.NoticeDays);
        offers["hours that a rate is locked"] = terms.LockFor.TotalHours.ToString("0.##", CultureInfo.InvariantCulture);
        offers["approval"] = terms.NeedsApproval ? "by another" : "none";
        offers["windows"] = string.Join(", ", terms.Windows.Select(InWords));
        return offers;
    }

    /// <summary>An offer as a sentence has it.</summary>
    public static string InWords(IReadOnlyDictionary<string, string> offer) =>
        offer.Count == 0 ? "nothing" : string.Join("; ", offer.Where(one => one.Value.Length > 0)
            .Select(one => $"{one.Key}: {one.Value}"));

    // At the one rate that is theirs: of money, that of the currency of their pay. Nothing where there is none.
    private static void Add(Dictionary<string, string> offers, FormTerms form, string currency)
    {
        var (unit, key) = form.Rates.ContainsKey("") ? (form.Unit, "") : (currency, currency);
        if (!form.Rates.TryGetValue(key, out var rate)) return;
        var name = PayForms.NameOf(form.Form);
        offers[$"{name}, rate"] = $"{Text(rate.Units)} of the smallest unit of {unit} for {new Tokens(rate.Milli)}";
        offers[$"{name}, least"] = $"{new Tokens(form.LeastMilli)}";
        offers[$"{name}, most a window"] = Most(form.MostPerWindowMilli);
        offers[$"{name}, most a year"] = Most(form.MostPerYearMilli);
    }

    private static string InWords(ConversionWindow window) => window.IsYearly
        ? string.Create(
            CultureInfo.InvariantCulture, $"{window.Name} {window.From:MM-dd} to {window.To:MM-dd} each year")
        : $"{window.Name} {window.From.InWords()} to {window.To.InWords()}";

    private static string Most(long? milli) => milli is { } most ? $"{new Tokens(most)}" : "no limit";

    private static string Text(long figure) => figure.ToString(CultureInfo.InvariantCulture);
}
