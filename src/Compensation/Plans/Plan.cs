using Stipend.People;

namespace Stipend.Compensation;

/// <summary>Which pay a share is of.</summary>
public enum PayBasis { Base, Total }

/// <summary>How a share is meant.</summary>
public enum ShareMode
{
    /// <summary>So much of the pay, added to it: 25 % of 100,000 is 25,000.</summary>
    OnTop,

    /// <summary>So much of the new total of pay and tokens: a quarter of 133,333 is 33,333.</summary>
    CarveOut,
}

/// <summary>A recurring allowance as a share of a year's pay.</summary>
/// <param name="SharePpm">The share in millionths: 25 % is 250,000.</param>
/// <param name="Basis">Of base pay or of all pay.</param>
/// <param name="Mode">On top, or carved out of the new total.</param>
/// <param name="ExpiresAfterMonths">How many months a grant lasts, its own included; null: it never expires.</param>
/// <param name="TaxClass">Payroll's class of the grant.</param>
public sealed record AllowanceTerms(
    int SharePpm, PayBasis Basis, ShareMode Mode, int? ExpiresAfterMonths, string TaxClass);

/// <summary>A fixed amount for who joins, once.</summary>
/// <param name="AmountNanos">Worth in nano-USD.</param>
/// <param name="WithinDaysOfHire">Granted in the first period that begins at most so many days after the hire.</param>
/// <param name="ExpiresAfterMonths">How many months it lasts, that of the grant included; null: it never
/// expires.</param>
/// <param name="TaxClass">Payroll's class of the grant.</param>
public sealed record SigningBonusTerms(
    long AmountNanos, int WithinDaysOfHire, int? ExpiresAfterMonths, string TaxClass);

/// <summary>Who a plan is for. An empty list excludes nobody; a team includes the teams under it.</summary>
public sealed record Eligibility(
    IReadOnlyList<string> Teams, IReadOnlyList<string> Levels, IReadOnlyList<string> Countries,
    IReadOnlyList<string> Roles, int MinTenureDays)
{
    /// <summary>Why somebody is not meant, or null.</summary>
    public string? Excludes(Person person)
    {
        if (person.IsBot) return "A bot is not paid.";
        if (Teams.Count > 0 && !Teams.Any(team => IsUnder(person.Team, team)))
            return $"The plan is not for the team {person.Team}.";
        if (Levels.Count > 0 && !Levels.Contains(person.Level)) return $"The plan is not for level {person.Level}.";
        if (Countries.Count > 0 && !Countries.Contains(person.Country))
            return $"The plan is not for the country {person.Country}.";
        if (Roles.Count > 0 && !Roles.Contains(person.Role, StringComparer.OrdinalIgnoreCase))
            return $"The plan is not for the role {person.Role}.";
        return null;
    }

    private static bool IsUnder(string path, string team) =>
        path == team || path.StartsWith(team + "/", StringComparison.Ordinal);
}

/// <summary>Who gets compute tokens, how much and for how long, as one file states it.</summary>
/// <param name="Name">What versions of it share; part of every grant's key.</param>
/// <param name="EffectiveFrom">First day of the first month it is for.</param>
/// <param name="Pool">Whose budget pays.</param>
/// <param name="Allowance">The recurring part, if any.</param>
/// <param name="SigningBonus">The part for who joins, if any.</param>
/// <param name="Eligible">Who it is for.</param>
/// <param name="RateNanos">Nano-USD that one unit of a currency is worth, for pay in other currencies than USD.</param>
public sealed record Plan(
    string Name, DateOnly EffectiveFrom, string Pool, AllowanceTerms? Allowance, SigningBonusTerms? SigningBonus,
    Eligibility Eligible, IReadOnlyDictionary<string, long> RateNanos);
