using Guerdon.Plans;

namespace Guerdon.Offers;

/// <summary>An offer as one file states it. Money is in minor units of its currency (ISO 4217), shares
/// in millionths.</summary>
/// <param name="Name">What versions of it share.</param>
/// <param name="Employer">Who offers.</param>
/// <param name="IsCompetitors">True where it is another's, typed in to compare with: it is never shared.</param>
/// <param name="Candidate">Whom it is for.</param>
/// <param name="Post">The work.</param>
/// <param name="Currency">Of every amount in it, by ISO 4217.</param>
/// <param name="Start">First day of work; its years count from here.</param>
/// <param name="ValidUntil">The last day on which it can be accepted.</param>
/// <param name="HorizonYears">Over how many years it is valued where nobody asks for others.</param>
/// <param name="Pay">Base pay and what is paid on top of it.</param>
/// <param name="Equity">Null: none.</param>
/// <param name="Tokens">Null: none.</param>
/// <param name="Benefits">Other benefits, in the file's order.</param>
public sealed record Offer(
    string Name, string Employer, bool IsCompetitors, string Candidate, OfferedPost Post, string Currency,
    DateOnly Start, DateOnly ValidUntil, int HorizonYears, OfferedPay Pay, EquityTerms? Equity,
    OfferedTokens? Tokens, IReadOnlyList<BenefitTerms> Benefits);

/// <summary>The work that is offered; what a job listing says of it.</summary>
/// <param name="Role">Title.</param>
/// <param name="Level">As the plan's levels; null: not said.</param>
/// <param name="Country">ISO 3166-1.</param>
/// <param name="Location">A town; null: anywhere in the country, where it is remote.</param>
/// <param name="IsRemote">True where it need not be done in the place named.</param>
/// <param name="Employment">How much of a week, and for how long.</param>
/// <param name="Description">For the listing; null: made from role and place.</param>
public sealed record OfferedPost(
    string Role, string? Level, string Country, string? Location, bool IsRemote, Employment Employment,
    string? Description);

/// <summary>Kinds of employment that listings know.</summary>
public enum Employment { FullTime, PartTime, Contract, Temporary, Intern }

/// <param name="BaseCents">A year's base pay.</param>
/// <param name="Bonus">Null: none.</param>
/// <param name="Signing">Null: none.</param>
public sealed record OfferedPay(long BaseCents, BonusTerms? Bonus, SigningTerms? Signing);

/// <summary>A bonus that is paid each year where its target is met.</summary>
/// <param name="TargetCents">A year's target; 0 where it is a share.</param>
/// <param name="TargetPpm">The target as a share of base pay; 0 where it is an amount.</param>
/// <param name="ProbabilityPpm">How likely it is to be paid.</param>
public sealed record BonusTerms(long TargetCents, int TargetPpm, int ProbabilityPpm);

/// <summary>Paid once at the start.</summary>
/// <param name="AmountCents">All of it.</param>
/// <param name="ClawbackMonths">Who leaves sooner pays back the months that are missing; 0:
/// nothing is paid back.</param>
public sealed record SigningTerms(long AmountCents, int ClawbackMonths);

/// <summary>Equity that vests month by month after a cliff.</summary>
/// <param name="ValueCents">What the whole grant is said to be worth.</param>
/// <param name="VestingYears">Until all of it has vested.</param>
/// <param name="CliffMonths">Before these are over nothing vests; then all their months at once.</param>
/// <param name="ProbabilityPpm">What the candidate counts of it: 1 less the discount.</param>
public sealed record EquityTerms(long ValueCents, int VestingYears, int CliffMonths, int ProbabilityPpm);

/// <summary>An allowance of compute tokens.</summary>
/// <param name="YearCents">A fixed yearly worth; 0 where it is a share of pay.</param>
/// <param name="Share">The share of pay; null where it is fixed.</param>
/// <param name="ExpiresAfterMonths">How long a month's tokens last; null: they never expire.</param>
/// <param name="IsConvertible">True where what is left can become pay: then all of it counts.</param>
/// <param name="UsabilityPpm">How much of it the candidate can be expected to use.</param>
public sealed record OfferedTokens(
    long YearCents, ShareOfPay? Share, int? ExpiresAfterMonths, bool IsConvertible, int UsabilityPpm);

/// <param name="Name">What it is, once an offer.</param>
/// <param name="YearCents">A year's worth.</param>
/// <param name="UsabilityPpm">How much of it the candidate can be expected to use.</param>
public sealed record BenefitTerms(string Name, long YearCents, int UsabilityPpm);
