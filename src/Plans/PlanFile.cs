using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Spans;

namespace Guerdon.Plans;

/// <summary>Reads a plan. Strict: an unknown key or a doubtful value is an error, since each would move
/// somebody's pay.</summary>
public static partial class PlanFile
{
    private const int Whole = 1_000_000; // a share of 100 % in millionths
    private const int MonthsPerQuarter = 3;
    private const int MostUsd = 1_000_000;
    private const int MostAwardName = 40; // it is part of keys
    private const string AmountWanted = "an amount above 0 and up to 1000000, such as 2000 or 2000.50";

    /// <summary>The plan, or every error of the file by line and column.</summary>
    public static (Plan? Plan, IReadOnlyList<YamlError> Errors) Read(string yaml) =>
        YamlFile.Read(yaml, "plan", PlanOf);

    /// <summary>A plan that was applied, and so was read before.</summary>
    public static Plan ReadApplied(string yaml) => Read(yaml) is ({ } plan, _)
        ? plan
        : throw new InvalidOperationException("A plan that was applied can no longer be read.");

    private static Plan? PlanOf(YamlMap map, List<YamlError> errors)
    {
        var name = Slug(map, "name");
        var from = map.Value("effective_from", "the first day of a month, such as 2026-11-01", FirstOfMonth);
        var pool = Slug(map, "pool");
        var zone = YamlTerms.ZoneOf(map);
        var allowance = map.Map("allowance") is { } a ? AllowanceOf(a) : null;
        var bonus = map.Map("signing_bonus") is { } s ? BonusOf(s) : null;
        var match = map.Map("match") is { } m ? MatchOf(m) : null;
        AwardTerms[] awards = [.. Named(map, "awards", AwardOf, award => award.Name)];
        TierTerms[] tiers = [.. Named(map, "tiers", TierOf, tier => tier.Name)];
        PhaseTerms[] phases = [.. Named(map, "phases", PhaseOf, phase => phase.Name)];
        var eligible = map.Map("eligible") is { } e ? EligibleOf(e, Eligibility.Employees) : Eligibility.Employees;
        var rates = map.Map("rates") is { } r ? YamlTerms.RatesOf(r) : new Dictionary<string, long>();
        if (errors.Count == 0 && allowance is null)
            CheckWithoutAllowance(map, grants: bonus is not null || awards.Length > 0, match, tiers);
        if (phases is [{ Votes: > 0 }, ..]) map.WrongAt("phases", "begin with one that needs no votes.");
        map.Finish();
        return errors.Count > 0 ? null : new Plan(
            name!, from!.Value, pool!, zone, allowance, bonus, match, awards, tiers, phases, eligible, rates);
    }

    private static void CheckWithoutAllowance(YamlMap map, bool grants, MatchTerms? match, TierTerms[] tiers)
    {
        if (!grants) map.WrongAt("allowance", "signing_bonus and awards are all missing; a plan grants at least one.");
        else if (match is not null || tiers.Length > 0)
            map.WrongAt(match is null ? "tiers" : "match", "needs an allowance that it goes by.");
    }

    private static AllowanceTerms AllowanceOf(YamlMap map)
    {
        var share = map.Value("share", "a percentage such as 25% or 12.5%, with at most four decimals", Share);
        var basis = map.Value("basis", "base or total",
            text => YamlTerms.Choice(text, ("base", PayBasis.Base), ("total", PayBasis.Total)));
        var mode = map.Value("mode", "on-top or carve-out",
            text => YamlTerms.Choice(text, ("on-top", ShareMode.OnTop), ("carve-out", ShareMode.CarveOut)));
        var each = map.Value("period", "month or quarter",
            text => YamlTerms.Choice(text, ("month", 1), ("quarter", MonthsPerQuarter)), required: false);
        if (mode == ShareMode.CarveOut && share >= Whole) map.WrongAt("share", "of the new total must be below 100%.");
        var baseline = map.Value("baseline_usd", "an amount above 0 and up to 1000000 for a month, such as 100",
            text => YamlTerms.Amount(text, MostUsd), required: false);
        var rollover = map.Value("rollover_cap", "a percentage of one grant from 0% to 1200%",
            text => Percent(text, 12 * Whole), required: false);
        var factors = map.Map("factors") is { } f ? FactorsOf(f) : Factors.None;
        var terms = new AllowanceTerms(
            new ShareOfPay(share ?? 0, basis ?? default, mode ?? default), each ?? 1, baseline ?? 0, rollover, factors,
            TokenRulesFile.Of(map))
        {
            PartTime = map.Value("part_time", "as-paid, pro-rata or full-time",
                text => YamlTerms.Choice(text, ("as-paid", PartTimeRule.AsPaid), ("pro-rata", PartTimeRule.ProRata),
                    ("full-time", PartTimeRule.FullTime)), required: false) ?? PartTimeRule.AsPaid,
            UnpaidLeave = map.Value("unpaid_leave", "granted or by-days",
                text => YamlTerms.Choice(
                    text, ("granted", UnpaidLeaveRule.Granted), ("by-days", UnpaidLeaveRule.ByDays)), required: false) ?? UnpaidLeaveRule.Granted,
        };
        map.Finish();
        return terms;
    }

    private static Factors FactorsOf(YamlMap map)
    {
        var factors = new Factors(
            map.Map("level") is { } l
                ? Bounded(l, level => LevelForm().IsMatch(level) ? null : "is not a level from L1 to L10.")
                : Factors.None.ByLevel,
            map.Map("complexity") is { } c
                ? Bounded(c, team => team.Split('/').Any(string.IsNullOrWhiteSpace) ? "is not a team's path." : null)
                : Factors.None.ByTeam,
            map.Map("usage") is { } u ? UsageOf(u) : null);
        map.Finish();
        return factors;
    }

    private static Dictionary<string, int> Bounded(YamlMap map, Func<string, string?> wrong)
    {
        var factors = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in map.Keys)
        {
            var factor = map.Value(key, "a factor from 0.1 to 5, such as 1.25", text => Factor(text, 100_000,
                5_000_000));
            if (wrong(key) is { } why) map.WrongAt(key, why);
            else if (factor is { } value) factors[key] = value;
        }

        return factors;
    }

    private static UsageFactor? UsageOf(YamlMap map)
    {
        var target = map.Value("target", "a percentage up to 100%", text => Percent(text, Whole));
        var weight = map.Value("weight", "a number from 0 to 2, such as 0.5", text => Factor(text, 0, 2_000_000));
        var least = map.Value("least", "a factor from 0.5 to 1", text => Factor(text, 500_000, Factors.One));
        var most = map.Value("most", "a factor from 1 to 2", text => Factor(text, Factors.One, 2_000_000));
        map.Finish();
        return target is null || weight is null || least is null || most is null
            ? null : new UsageFactor(target.Value, weight.Value, least.Value, most.Value);
    }

    private static SigningBonusTerms BonusOf(YamlMap map)
    {
        var amount = map.Value("amount_usd", AmountWanted, text => YamlTerms.Amount(text, MostUsd));
        var within = map.Whole("within_days_of_hire", 0, 365);
        var terms = new SigningBonusTerms(amount ?? 0, within ?? 0, TokenRulesFile.Of(map));
        map.Finish();
        return terms;
    }

    private static MatchTerms MatchOf(YamlMap map)
    {
        var above = map.Value("above", "a percentage of the last allowance up to 100%", text => Percent(text, Whole));
        var share = map.Value("share", "a percentage above 0% and up to 100%", Share);
        var most = map.Value("most_usd", AmountWanted, text => YamlTerms.Amount(text, MostUsd));
        var terms = new MatchTerms(above ?? 0, share ?? 0, most ?? 0, TokenRulesFile.Of(map));
        map.Finish();
        return terms;
    }

    private static AwardTerms? AwardOf(YamlMap map)
    {
        var name = Slug(map, "name", MostAwardName);
        var kind = map.Text("kind");
        if (kind is not null && !GrantKind.Awarded.Contains(kind))
            map.WrongAt("kind", $"is '{kind}', not one of {string.Join(", ", GrantKind.Awarded)}.");
        var isUpTo = map.Has("up_to_usd");
        if (isUpTo == map.Has("amount_usd"))
            map.WrongAt(isUpTo ? "up_to_usd" : "amount_usd", "must be there alone: either amount_usd or up_to_usd.");
        var amount = map.Value(
            isUpTo ? "up_to_usd" : "amount_usd", AmountWanted, text => YamlTerms.Amount(text, MostUsd));
        var eligible = map.Map("eligible") is { } e ? EligibleOf(e, Eligibility.Everybody) : Eligibility.Everybody;
        var rules = TokenRulesFile.Of(map);
        map.Finish();
        return name is null ? null : new AwardTerms(name, kind ?? "", amount ?? 0, isUpTo, eligible, rules);
    }

    private static TierTerms? TierOf(YamlMap map)
    {
        var name = Slug(map, "name", MostAwardName);
        var adds = map.Value("adds", "a percentage of the allowance above 0% and up to 100%", Share);
        var needs = map.Text("needs");
        map.Finish();
        return name is null ? null : new TierTerms(name, adds ?? 0, needs ?? "");
    }

    private static PhaseTerms? PhaseOf(YamlMap map)
    {
        var name = Slug(map, "name", MostAwardName);
        var eligible = map.Map("eligible") is { } e ? EligibleOf(e, Eligibility.Everybody) : Eligibility.Everybody;
        var votes = map.Whole("votes", 1, 20, required: false);
        map.Finish();
        return name is null ? null : new PhaseTerms(name, eligible, votes ?? 0);
    }

    private static IEnumerable<T> Named<T>(YamlMap map, string key, Func<YamlMap, T?> read, Func<T, string> name)
        where T : class
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in map.Maps(key))
        {
            if (read(item) is not { } one) continue;
            if (!seen.Add(name(one))) item.WrongAt("name", $"is '{name(one)}', which is the name of another of {key}.");
            yield return one;
        }
    }

    private static Eligibility EligibleOf(YamlMap map, Eligibility without)
    {
        var employments = map.Texts("employment", "employee or contractor",
            text => text is Standing.Employee or Standing.Contractor);
        var eligible = new Eligibility(
            map.Texts("teams", "a path such as Engineering/Platform",
                text => !text.Split('/').Any(string.IsNullOrWhiteSpace)),
            map.Texts("levels", "a level from L1 to L10", text => LevelForm().IsMatch(text)),
            map.Texts("countries", "a code of ISO 3166-1 such as DE", Codes.IsCountry),
            map.Texts("roles", "a role", _ => true),
            map.Whole("min_tenure_days", 0, 36_500, required: false) ?? 0)
        {
            LegalEntities = map.Texts("legal_entities", "a legal entity as it is on file of people", _ => true),
            Employments = employments.Count > 0 ? employments : without.Employments,
        };
        map.Finish();
        return eligible;
    }

    public static string? Slug(YamlMap map, string key, int most = 60)
    {
        var text = map.Text(key);
        if (text is not null && (text.Length > most || !SlugForm().IsMatch(text)))
            map.WrongAt(key, $"is '{text}', not 1 to {most} lower-case letters, digits and hyphens.");
        return text;
    }

    private static int? Share(string text) => Percent(text, Whole) is > 0 and var ppm ? ppm : null;

    private static int? Percent(string text, int most) =>
        text is [.., '%'] && Decimals.TryParse(text.AsSpan(0, text.Length - 1), 4, out var ppm)
            && ppm >= 0 && ppm <= most ? (int)ppm : null;

    private static int? Factor(string text, int least, int most) =>
        Decimals.TryParse(text, 6, out var ppm) && ppm >= least && ppm <= most ? (int)ppm : null;

    private static DateOnly? FirstOfMonth(string text) =>
        text.Length == 10 && text.EndsWith("-01", StringComparison.Ordinal)
            && Period.TryParse(text[..7], out var period) ? period.First : null;

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,59}\z")]
    private static partial Regex SlugForm();

    [GeneratedRegex(@"^L(?:[1-9]|10)\z")]
    private static partial Regex LevelForm();
}
