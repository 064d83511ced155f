using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.People.Employees;

namespace Guerdon.Payroll.Terms;

/// <summary>When, into what and at which rate reward tokens convert, and what may be claimed back.</summary>
/// <param name="EffectiveFrom">The first day of these terms (UTC).</param>
/// <param name="Windows">When conversions may be asked for; no two overlap.</param>
/// <param name="NoticeDays">Days from the notice to the first on which payroll may take a line.</param>
/// <param name="LockFor">How long the rate of a request is locked, and its tokens are set aside.</param>
/// <param name="NeedsApproval">Somebody else must approve; otherwise the terms themselves do.</param>
/// <param name="Forms">What is offered.</param>
/// <param name="Claims">What may be claimed back; null: nothing.</param>
public sealed record ConversionTerms(
    DateOnly EffectiveFrom, IReadOnlyList<ConversionWindow> Windows, int NoticeDays, TimeSpan LockFor,
    bool NeedsApproval, IReadOnlyList<FormTerms> Forms, ClaimTerms? Claims);

/// <summary>The terms of one form of pay.</summary>
/// <param name="Form">What tokens become.</param>
/// <param name="Rates">By currency; under the empty text for what is no money.</param>
/// <param name="Unit">What is counted: <c>days</c>, or the name of the equity; empty for money.</param>
/// <param name="LeastMilli">Milli-tokens that one conversion must take at least.</param>
/// <param name="MostPerWindowMilli">A person's in one opening of a window; null: no cap.</param>
/// <param name="MostPerYearMilli">A person's in a calendar year (UTC); null: no cap.</param>
/// <param name="Levels">Who may; empty: every level.</param>
/// <param name="Countries">Who may; empty: every country.</param>
/// <param name="UnitUsdNanos">Nano-USD that a day or a unit of equity is worth, to compare the rate with; null for
/// money, and where nobody stated it.</param>
/// <param name="Reason">Why a rate is far from a token's value; null where none is.</param>
public sealed record FormTerms(
    PayForm Form, IReadOnlyDictionary<string, ConversionRate> Rates, string Unit, long LeastMilli,
    long? MostPerWindowMilli, long? MostPerYearMilli, IReadOnlyList<string> Levels, IReadOnlyList<string> Countries,
    long? UnitUsdNanos = null, string? Reason = null)
{
    /// <summary>The fewest milli-tokens that one conversion can take: whole units, and not below the least.</summary>
    /// <param name="currency">Of money; empty for what is none.</param>
    /// <exception cref="OverflowException">More than there can be.</exception>
    public long SmallestMilli(string currency)
    {
        var (rate, step) = (Rates[currency], currency.Length == 0 ? 1 : Currencies.Step(currency));
        var units = Math.Max(rate.UnitsFor(LeastMilli, step), step);
        return rate.MilliFor(rate.MilliFor(units) < LeastMilli ? units + step : units);
    }

    /// <summary>Why somebody may not convert to this, or null.</summary>
    /// <param name="person">Who.</param>
    /// <param name="today">The day (UTC).</param>
    public string? Excludes(Person person, DateOnly today)
    {
        if (person.IsBot) return "A bot is not paid.";
        if (person.HiredOn > today || person.LeftOn < today) return "Only who is employed on the day can convert.";
        if (Levels.Count > 0 && !Levels.Contains(person.Level)) return $"It is not offered to {person.Level}.";
        return Countries.Count > 0 && !Countries.Contains(person.Country)
            ? $"It is not offered in {person.Country}." : null;
    }
}

/// <summary>What may be claimed back.</summary>
/// <param name="Services">Names of services, as people choose them.</param>
/// <param name="WithinDays">How old a payment may be.</param>
public sealed record ClaimTerms(IReadOnlyList<string> Services, int WithinDays);
