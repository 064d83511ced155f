using Guerdon.Kernel;
using Guerdon.Ledger.Lots;

namespace Guerdon.Payroll.Settings;

/// <summary>When something counts as pay. Which one applies is for a tax adviser.</summary>
public enum Recognition { Grant, Vest, Convert, Settle }

/// <summary>Under which code payroll books something.</summary>
/// <param name="TaxClass">A name of <see cref="TaxClass.All"/>, or <c>reimbursement</c>.</param>
/// <param name="Form">What is paid: <c>cash</c>, <c>time_off</c>, <c>equity</c>; or <c>token</c>:
/// the grant itself.</param>
/// <param name="Country">Of whoever is paid; null: any that has no code of its own.</param>
/// <param name="Jurisdiction">Whose rules were followed, in words.</param>
/// <param name="Recognised">When it counts; a token at grant or vesting, what is paid at conversion or
/// on its pay day.</param>
/// <param name="Code">Payroll's.</param>
/// <param name="IsMemo">It is reported and not paid.</param>
/// <param name="Source">Who said so, and where.</param>
public sealed record EarningCode(
    string TaxClass, string Form, string? Country, string Jurisdiction, Recognition Recognised, string Code,
    bool IsMemo, string Source)
{
    /// <summary>The grant itself, which is spent or saved, not paid out.</summary>
    public const string Token = "token";

    /// <summary>The tax class of claims that are paid back.</summary>
    public const string Reimbursement = "reimbursement";
}

/// <summary>What a payroll program's layout wants to know of the company.</summary>
/// <param name="CoCode">The company's three characters at ADP; elsewhere null.</param>
/// <param name="BatchId">The batch's name; null where the layout has none.</param>
/// <param name="Currency">The one that its amounts are in, since the layout does not say it.</param>
public sealed record LayoutTerms(string? CoCode, string? BatchId, string Currency);

/// <summary>How pay is run, from a day on.</summary>
/// <param name="EffectiveFrom">The first day of a pay period.</param>
/// <param name="Zone">Where days begin.</param>
/// <param name="FiscalMonth">The month that the company's year begins with, 1 to 12.</param>
/// <param name="Schedule">Pay periods and pay days.</param>
/// <param name="EmployeeId">What payroll knows people by: <c>email</c>, or a kind of identity.</param>
/// <param name="Layouts">Company codes, by layout; one that is not here is not used, but for the plain one.</param>
/// <param name="Codes">Earning codes.</param>
/// <param name="Accounts">Names in the general ledger.</param>
/// <param name="RateNanos">Nano-USD that one unit of a currency is worth; USD itself is not in it.</param>
public sealed record PayrollSettings(
    DateOnly EffectiveFrom, TimeZoneInfo Zone, int FiscalMonth, PaySchedule Schedule, string EmployeeId,
    IReadOnlyDictionary<string, LayoutTerms> Layouts, IReadOnlyList<EarningCode> Codes, GlAccounts Accounts,
    IReadOnlyDictionary<string, long> RateNanos)
{
    /// <summary>The most days from a period's end to its pay day.</summary>
    public const int MostPayAfterDays = 31;

    /// <summary>Who has no identity of another kind is known by this.</summary>
    public const string Email = "email";

    /// <summary>The code for a class in a form and country: the country's own, else the one for any.</summary>
    public EarningCode? CodeOf(string taxClass, string form, string country) =>
        Codes.FirstOrDefault(c => c.TaxClass == taxClass && c.Form == form && c.Country == country)
        ?? Codes.FirstOrDefault(c => c.TaxClass == taxClass && c.Form == form && c.Country is null);

    /// <summary>Nano-USD that one unit of a currency is worth, or null where nobody stated it.</summary>
    public long? RateOf(string currency) =>
        currency == "USD" ? Usd.Dollar
            : RateNanos.TryGetValue(currency, out var nanos) ? nanos : null;
}
