using Guerdon.Ledger.Lots;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
using Guerdon.Vesting;

namespace Guerdon.Plans;

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

/// <summary>What part time means for an allowance. Pay is what is paid for it.</summary>
public enum PartTimeRule
{
    /// <summary>The share is of what is paid, and so follows part time by itself; the baseline is everybody's.</summary>
    AsPaid,

    /// <summary>The same, and the baseline is as much less as time is.</summary>
    ProRata,

    /// <summary>As much as for full time: the share is of what would be paid for that.</summary>
    FullTime,
}

/// <summary>What unpaid leave means for an allowance.</summary>
public enum UnpaidLeaveRule
{
    /// <summary>Nothing: it is granted as ever.</summary>
    Granted,

    /// <summary>Days of it count as days on which somebody was not employed.</summary>
    ByDays,
}

/// <summary>Claws back what somebody was granted who leaves early.</summary>
/// <param name="Months">It applies to who leaves less than so many months after the grant's first day.</param>
/// <param name="ProRata">Only the days that are left of them; false: all of it.</param>
public sealed record Clawback(int Months, bool ProRata);

/// <summary>What a grant's tokens are, whatever it is for.</summary>
/// <param name="ExpiresAfterMonths">How many months a grant lasts, its own included; with vesting, after the last
/// instalment; null: it never expires.</param>
/// <param name="Tax">Payroll's class of the grant.</param>
/// <param name="Vesting">How it becomes the person's; null: at once.</param>
/// <param name="Clawback">What becomes of it when they leave early; null: they keep it.</param>
public sealed record TokenRules(int? ExpiresAfterMonths, TaxClass Tax, VestingTerms? Vesting, Clawback? Clawback);

/// <summary>A share of a year's pay.</summary>
/// <param name="Ppm">In millionths: 25 % is 250,000.</param>
/// <param name="Basis">Of base pay or of all pay.</param>
/// <param name="Mode">On top, or carved out of the new total.</param>
public sealed record ShareOfPay(int Ppm, PayBasis Basis, ShareMode Mode);

/// <summary>A recurring allowance as a share of a year's pay.</summary>
/// <param name="Share">Of a year's pay.</param>
/// <param name="MonthsEach">1: granted every month; 3: every quarter of the calendar year.</param>
/// <param name="BaselineNanos">What a month never falls below for who is employed all of it, in nano-USD,
/// whatever the factors.</param>
/// <param name="RolloverPpm">How much may be left when the next grant comes, in millionths of that
/// grant; null: no cap.</param>
/// <param name="Factors">What it is multiplied by.</param>
/// <param name="Tokens">Expiry, tax class, vesting.</param>
public sealed record AllowanceTerms(
    ShareOfPay Share, int MonthsEach, long BaselineNanos, int? RolloverPpm, Factors Factors,
    TokenRules Tokens)
{
    /// <summary>What part time means for it.</summary>
    public PartTimeRule PartTime { get; init; }

    /// <summary>What unpaid leave means for it.</summary>
    public UnpaidLeaveRule UnpaidLeave { get; init; }

    /// <summary>What a month never falls below for somebody: the baseline, or the part of it that is theirs.</summary>
    /// <param name="partTimeBp">Their part of full time, in hundredths of a percent.</param>
    public long BaselineNanosOf(int partTimeBp) => PartTime != PartTimeRule.ProRata ? BaselineNanos
        : (long)(((Int128)BaselineNanos * partTimeBp + Standing.FullTimeBp - 1) / Standing.FullTimeBp);
}

/// <summary>A fixed amount for who joins, once.</summary>
/// <param name="AmountNanos">Worth in nano-USD.</param>
/// <param name="WithinDaysOfHire">Granted in the first period that begins at most so many days after the hire.</param>
/// <param name="Tokens">Expiry, tax class, vesting, clawback.</param>
public sealed record SigningBonusTerms(long AmountNanos, int WithinDaysOfHire, TokenRules Tokens);

/// <summary>For who used most of the last period's allowance: a share of what they used above a threshold.</summary>
/// <param name="AbovePpm">The threshold, in millionths of that allowance.</param>
/// <param name="SharePpm">How much of the use above it is matched.</param>
/// <param name="MostNanos">At most so much, in nano-USD.</param>
/// <param name="Tokens">Expiry, tax class.</param>
public sealed record MatchTerms(int AbovePpm, int SharePpm, long MostNanos, TokenRules Tokens);

/// <summary>An entry of the catalogue: what may be given to somebody for a reason, by one person and another.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Kind">performance, package, training or exception.</param>
/// <param name="AmountNanos">Worth in nano-USD; the most where <paramref name="IsUpTo"/>.</param>
/// <param name="IsUpTo">Whoever asks says how much.</param>
/// <param name="Eligible">Whom it is for, beside the plan's own rules.</param>
/// <param name="Tokens">Expiry, tax class, vesting, clawback.</param>
public sealed record AwardTerms(
    string Name, string Kind, long AmountNanos, bool IsUpTo, Eligibility Eligible, TokenRules Tokens);

/// <summary>A step above the baseline, unlocked by evidence that somebody else reviewed.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="AddsPpm">So much more of the allowance, in millionths.</param>
/// <param name="Needs">What the evidence must show, for people.</param>
public sealed record TierTerms(string Name, int AddsPpm, string Needs);

/// <summary>A step of the roll-out.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Eligible">Whom it is for, beside the plan's own rules.</param>
/// <param name="Votes">How many must vote for it, with a report before them, before it begins; the first
/// phase needs none.</param>
public sealed record PhaseTerms(string Name, Eligibility Eligible, int Votes);

/// <summary>Who a plan is for. An empty list excludes nobody; a team includes the teams under it.</summary>
public sealed record Eligibility(
    IReadOnlyList<string> Teams, IReadOnlyList<string> Levels, IReadOnlyList<string> Countries,
    IReadOnlyList<string> Roles, int MinTenureDays)
{
    public static readonly Eligibility Everybody = new([], [], [], [], 0);

    /// <summary>Whom a plan is for that does not say: whoever works for a company of the group directly.</summary>
    public static readonly Eligibility Employees = Everybody with { Employments = [Standing.Employee] };

    /// <summary>Companies of the group, as they are on file of people.</summary>
    public IReadOnlyList<string> LegalEntities { get; init; } = [];

    /// <summary><see cref="Standing.Employee"/>, <see cref="Standing.Contractor"/> or both.</summary>
    public IReadOnlyList<string> Employments { get; init; } = [];

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
        if (Employments.Count > 0 && !Employments.Contains(person.Employment))
            return $"The plan is not for {person.Employment}s.";
        if (LegalEntities.Count > 0 && !LegalEntities.Contains(person.LegalEntity))
            return person.LegalEntity is null
                ? "The plan is for some legal entities, and none is on file of them."
                : $"The plan is not for the legal entity {person.LegalEntity}.";
        return null;
    }

    public static bool IsUnder(string path, string team) =>
        path == team || path.StartsWith(team + "/", StringComparison.Ordinal);
}

/// <summary>Who gets tokens, how much and for how long, as one file states it.</summary>
/// <param name="Name">What versions of it share; part of every grant's key.</param>
/// <param name="EffectiveFrom">First day of the first month it is for.</param>
/// <param name="Pool">Whose budget pays.</param>
/// <param name="TimeZone">Where its months begin and end.</param>
/// <param name="Allowance">The recurring part, if any.</param>
/// <param name="SigningBonus">The part for who joins, if any.</param>
/// <param name="Match">The part for who uses much, if any.</param>
/// <param name="Awards">The catalogue.</param>
/// <param name="Tiers">Steps above the allowance.</param>
/// <param name="Phases">Steps of the roll-out, in order; none: it is for everybody eligible from the start.</param>
/// <param name="Eligible">Who it is for.</param>
/// <param name="RateNanos">Nano-USD that one unit of a currency is worth, for pay in other currencies than USD.</param>
public sealed record Plan(
    string Name, DateOnly EffectiveFrom, string Pool, TimeZoneInfo TimeZone, AllowanceTerms? Allowance,
    SigningBonusTerms? SigningBonus, MatchTerms? Match, IReadOnlyList<AwardTerms> Awards,
    IReadOnlyList<TierTerms> Tiers, IReadOnlyList<PhaseTerms> Phases, Eligibility Eligible,
    IReadOnlyDictionary<string, long> RateNanos)
{
    /// <summary>How far the roll-out has come: the last phase that was opened, else the first; null:
    /// there are none.</summary>
    public PhaseTerms? PhaseWith(HashSet<string> opened) => Phases.LastOrDefault(p => opened.Contains(p.Name))
        ?? (Phases is [var first, ..] ? first : null);

    /// <summary>The rules of a kind of grant; <paramref name="award"/> names one of the catalogue's.</summary>
    public TokenRules? RulesOf(string kind, string? award) => kind switch
    {
        GrantKind.Allowance or GrantKind.Tier => Allowance?.Tokens,
        GrantKind.SigningBonus => SigningBonus?.Tokens,
        GrantKind.Match => Match?.Tokens,
        _ => Awards.FirstOrDefault(a => a.Name == award)?.Tokens,
    };
}
