using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Grants.Lines;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;

namespace Guerdon.Grants.Previews;

/// <summary>What a month comes to for somebody, before and after a change of its plan, grant by grant: a tier that only
/// one has unlocked, or a bonus of the only newcomer, is theirs, though the plan states it for all.</summary>
internal static class MonthDifference
{
    // Where a share is another for all, amounts change by the same factor; whoever's changes by another, in steps of a
    // tenth, is not one of them. The steps begin where no simple factor lies, which rounding would put on both sides.
    private const int Thousandths = 1_000, Tenths = 10, Offset = 137, MostTenths = 100, TwoDigits = 100;

    // A match is as much as somebody used, so that what was nothing is not the same for all.
    private static readonly long[] Steps = [100, 10_000, 1_000_000];

    /// <summary>What differs.</summary>
    /// <param name="was">Before.</param>
    /// <param name="now">After.</param>
    /// <param name="of">Which month, as words after a grant have it.</param>
    public static IReadOnlyList<InputDifference> Between(Outcome was, Outcome now, string of = "the month")
    {
        var (before, after) = (Worths(was), Worths(now));
        return
        [
            .. before.Keys.Union(after.Keys)
                .Select(kind => (kind, Was: before.GetValueOrDefault(kind), Now: after.GetValueOrDefault(kind)))
                .Where(one => one.Was != one.Now)
                .Select(one => new InputDifference(
                    $"{one.kind} of {of}", one.Was == 0 ? "" : "some", Becomes(one.kind, one.Was, one.Now))),
        ];
    }

    private static string Becomes(string kind, long was, long now)
    {
        if (now == 0) return "";
        if (was == 0) return kind == GrantKind.Match ? Some(now) : "some";
        var tenths = ((Int128)now * Tenths * Thousandths / was + Offset) / Thousandths;
        return tenths > MostTenths ? $"about {Times((Int128)now * Thousandths / was):#,0} times as much"
            : string.Create(CultureInfo.InvariantCulture, $"about {tenths} tenths of it");
    }

    // In two digits, which are steps of at most a tenth.
    private static Int128 Times(Int128 thousandths)
    {
        Int128 step = 1;
        while (thousandths / step >= TwoDigits * Thousandths) step *= 10;
        return (thousandths / step + Offset) / Thousandths * step;
    }

    private static string Some(long nanos)
    {
        var most = Steps.FirstOrDefault(step => nanos < step * Usd.Dollar);
        return most == 0 ? "1,000,000 USD and more"
            : string.Create(CultureInfo.InvariantCulture, $"under {most:#,0} USD");
    }

    private static Dictionary<string, long> Worths(Outcome outcome) => outcome.Lines
        .GroupBy(line => line.Kind == GrantKind.Tier ? $"{line.Kind} {line.Term.Split('/')[0]}" : line.Kind)
        .ToDictionary(lines => lines.Key, lines => lines.Sum(line => line.Amount.Money.Nanos));
}
