using System.Globalization;
using Guerdon.Vesting;

namespace Guerdon.Unit.Vesting;

/// <summary>Vesting terms and facts in few words.</summary>
internal static class VestingMake
{
    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static VestingFacts From(int year, int month, int day) => new(new DateOnly(year, month, day));

    public static VestingPeriod Months(int length, int occurrences, int cliff = 0) =>
        new(length, PeriodUnit.Months, occurrences, cliff);

    public static VestingPeriod Days(int length, int occurrences, int cliff = 0) =>
        new(length, PeriodUnit.Days, occurrences, cliff);

    public static VestingTerms Terms(AllocationType type, params VestingCondition[] conditions) =>
        new("terms", "", "", type, conditions);

    public static VestingCondition Start(params string[] next) =>
        new("start", "", null, 0, new VestingTrigger.OnStart(), next);

    public static VestingCondition Part(
        string id, long numerator, long denominator, VestingTrigger trigger, params string[] next) =>
        new(id, "", new VestingPortion(numerator, denominator), null, trigger, next);

    /// <summary>An equal share at each instalment from the start.</summary>
    public static VestingCondition Relative(string id, int shares, VestingPeriod period) =>
        Part(id, 1, shares, new VestingTrigger.Relative(period, "start"));

    public static VestingTerms Monthly(AllocationType type, int count, int cliff = 0) =>
        Terms(type, Start("monthly"), Relative("monthly", count, Months(1, count, cliff)));

    public static IEnumerable<long> Amounts(VestingTerms terms, long quantity, VestingFacts? facts = null) =>
        VestingSchedule.Of(terms, quantity, facts ?? From(2026, 1, 1)).Instalments.Select(i => i.Amount);

    public static string Dates(VestingTerms terms, VestingFacts facts) => string.Join(
        ' ', VestingSchedule.Of(terms, 1_000, facts).Instalments.Select(i => $"{i.Date:yyyy-MM-dd}"));
}
