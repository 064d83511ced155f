using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Kernel;

namespace Guerdon.Vesting;

/// <summary>The words and numbers of vesting terms, read strictly: null for anything else.</summary>
internal static partial class VestingWords
{
    public const string AllocationWanted =
        "one of CUMULATIVE_ROUNDING, CUMULATIVE_ROUND_DOWN, FRONT_LOADED, BACK_LOADED, FRONT_LOADED_TO_SINGLE_TRANCHE,"
        + " BACK_LOADED_TO_SINGLE_TRANCHE, FRACTIONAL";

    public const string DayWanted = "01 to 28, 29_OR_LAST_DAY_OF_MONTH, 30_OR_LAST_DAY_OF_MONTH,"
        + " 31_OR_LAST_DAY_OF_MONTH or VESTING_START_DAY_OR_LAST_DAY_OF_MONTH";

    public const string DateWanted = "a date that exists, from 1900 to 2199, such as 2026-02-28";

    public const string NumberWanted = "a whole number of 0 or more";

    public const string LeaverWanted = "forfeit, keep-vesting, accelerate or a share such as accelerate 50%";

    public static AllocationType? Allocation(string text) => text switch
    {
        "CUMULATIVE_ROUNDING" => AllocationType.CumulativeRounding,
        "CUMULATIVE_ROUND_DOWN" => AllocationType.CumulativeRoundDown,
        "FRONT_LOADED" => AllocationType.FrontLoaded,
        "BACK_LOADED" => AllocationType.BackLoaded,
        "FRONT_LOADED_TO_SINGLE_TRANCHE" => AllocationType.FrontLoadedToSingleTranche,
        "BACK_LOADED_TO_SINGLE_TRANCHE" => AllocationType.BackLoadedToSingleTranche,
        "FRACTIONAL" => AllocationType.Fractional,
        _ => null,
    };

    public static VestingDay? Day(string text)
    {
        if (text == "VESTING_START_DAY_OR_LAST_DAY_OF_MONTH") return VestingDay.OfStart;
        if (DayForm().Match(text) is not { Success: true } match) return null;
        return new VestingDay(int.Parse(match.Groups["day"].ValueSpan, CultureInfo.InvariantCulture));
    }

    public static DateOnly? Date(string text) => Days.Parse(text);

    /// <summary>A whole number; the format also writes one as <c>12.00</c>.</summary>
    public static long? Number(string text) =>
        NumberForm().Match(text) is { Success: true } match
            && long.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static LeaverRule? Leaver(string text) => text switch
    {
        "forfeit" => new LeaverRule(LeaverKind.Forfeit),
        "keep-vesting" => new LeaverRule(LeaverKind.KeepVesting),
        "accelerate" => new LeaverRule(LeaverKind.Accelerate, LeaverRule.Whole),
        _ => text.StartsWith("accelerate ", StringComparison.Ordinal) && text.EndsWith('%')
            && Decimals.TryParse(text.AsSpan("accelerate ".Length..^1), 4, out var ppm)
            && ppm is > 0 and <= LeaverRule.Whole ? new LeaverRule(LeaverKind.Accelerate, (int)ppm) : null,
    };

    [GeneratedRegex(@"^(?:(?<day>0[1-9]|1[0-9]|2[0-8])|(?<day>29|30|31)_OR_LAST_DAY_OF_MONTH)\z")]
    private static partial Regex DayForm();

    [GeneratedRegex(@"^\+?([0-9]{1,19})(?:\.0{1,10})?\z")]
    private static partial Regex NumberForm();
}
