using Guerdon.Kernel;

namespace Guerdon.Vesting;

/// <summary>
/// Vesting terms from keys and values: those of a plan's <c>vesting</c>, written short or in the format's own fields,
/// and those of the format's JSON.
/// </summary>
public static class VestingYaml
{
    private const int MostMonths = 1_200;

    /// <summary>The terms that a plan's <c>vesting</c> states, or null with what is wrong added
    /// to the errors.</summary>
    /// <param name="map">What stands below <c>vesting</c>.</param>
    /// <param name="errors">The list that the map adds to.</param>
    public static VestingTerms? Of(YamlMap map, List<YamlError> errors) =>
        map.Keys.Any(key => key is "object_type" or "allocation_type" or "vesting_conditions")
            ? Full(map, errors, isFormat: false)
            : Short(map, errors);

    /// <summary>Terms in the format's fields.</summary>
    /// <param name="map">Where they stand.</param>
    /// <param name="errors">The list that the map adds to.</param>
    /// <param name="isFormat">The format itself, which requires texts for people and has no word for leavers.</param>
    public static VestingTerms? Full(YamlMap map, List<YamlError> errors, bool isFormat)
    {
        var before = errors.Count;
        map.Value("object_type", "VESTING_TERMS", text => text == "VESTING_TERMS" ? true : (bool?)null, isFormat);
        var id = map.Text("id", isFormat) ?? "vesting";
        var (name, description) = (Words(map, "name", isFormat), Words(map, "description", isFormat));
        var allocation = map.Value("allocation_type", VestingWords.AllocationWanted, VestingWords.Allocation);
        _ = map.IsEmptyList("comments"); // the format's remarks; they say nothing to us
        var leaver = isFormat ? null : Leaver(map);
        if (!map.Keys.Contains("vesting_conditions")) map.WrongAt("vesting_conditions", "is missing.");
        var maps = map.Maps("vesting_conditions");
        var conditions = maps.Select(ConditionOf).ToList();
        map.Finish();
        if (errors.Count > before) return null;

        foreach (var problem in VestingGraph.Check(conditions)) Tell(map, maps, problem);
        return errors.Count > before ? null : new VestingTerms(id, name, description, allocation!.Value, conditions)
        {
            Leaver = leaver ?? default,
        };
    }

    private static VestingTerms? Short(YamlMap map, List<YamlError> errors)
    {
        var before = errors.Count;
        var months = map.Whole("months", 1, MostMonths);
        var cliff = map.Whole("cliff_months", 0, MostMonths, required: false) ?? 0;
        var every = map.Whole("every_months", 1, MostMonths, required: false) ?? 1;
        var day = map.Value("day_of_month", VestingWords.DayWanted, VestingWords.Day, required: false);
        var allocation =
            map.Value("allocation", VestingWords.AllocationWanted, VestingWords.Allocation, required: false);
        var leaver = Leaver(map);
        if (errors.Count == before && months % every != 0)
            map.WrongAt("every_months", $"is {every}, which does not divide {months} months.");
        if (errors.Count == before && (cliff > months || cliff % every != 0))
            map.WrongAt("cliff_months", $"is {cliff}, which is not a multiple of {every} up to {months}.");
        map.Finish();
        if (errors.Count > before) return null;

        var occurrences = months!.Value / every;
        var period = new VestingPeriod(every, PeriodUnit.Months, occurrences, cliff / every, day ?? default);
        VestingCondition[] conditions =
        [
            new("start", "", null, 0, new VestingTrigger.OnStart(), ["instalments"]),
            new("instalments", "", new VestingPortion(1, occurrences), null,
                new VestingTrigger.Relative(period, "start"), []),
        ];
        return new VestingTerms(
            "vesting", $"{months} months, cliff {cliff}", "",
            allocation ?? AllocationType.CumulativeRounding, conditions)
        {
            Leaver = leaver ?? default,
        };
    }

    private static LeaverRule? Leaver(YamlMap map) =>
        map.Value("leaver", VestingWords.LeaverWanted, VestingWords.Leaver, required: false);

    // Texts for people may be empty, and must not be read as missing.
    private static string Words(YamlMap map, string key, bool required) =>
        map.Says(key, "") ? "" : map.Text(key, required) ?? "";

    private static VestingCondition ConditionOf(YamlMap map)
    {
        var id = map.Text("id") ?? "";
        var description = Words(map, "description", required: false);
        var portion = map.Map("portion") is { } fraction ? PortionOf(fraction) : null;
        var quantity = map.Value("quantity", VestingWords.NumberWanted, VestingWords.Number, required: false);
        var hasPortion = map.Keys.Contains("portion");
        if (hasPortion == map.Keys.Contains("quantity"))
            map.WrongAt(hasPortion ? "quantity" : "portion", hasPortion
                ? "stands beside a portion; a condition has one of the two." : "or quantity must say how much vests.");
        if (!map.Keys.Contains("trigger")) map.WrongAt("trigger", "is missing.");
        var trigger = map.Map("trigger") is { } when ? TriggerOf(when) : null;
        if (!map.Keys.Contains("next_condition_ids"))
            map.WrongAt("next_condition_ids", "is missing; [] where nothing follows.");
        var next = map.Texts("next_condition_ids", "a condition's id", _ => true);
        map.Finish();
        return new VestingCondition(id, description, portion, quantity, trigger ?? new VestingTrigger.OnEvent(), next);
    }

    private static VestingPortion PortionOf(YamlMap map)
    {
        var numerator = map.Value("numerator", VestingWords.NumberWanted, VestingWords.Number);
        var denominator = map.Value(
            "denominator", "a whole number of 1 or more",
            text => VestingWords.Number(text) is > 0 and { } number ? number : (long?)null);
        var remainder = map.Value("remainder", "true or false",
            text => text switch { "true" => true, "false" => false, _ => (bool?)null }, required: false);
        map.Finish();
        return new VestingPortion(numerator ?? 0, denominator ?? 1, remainder ?? false);
    }

    private static VestingTrigger? TriggerOf(YamlMap map)
    {
        VestingTrigger? trigger = null;
        switch (map.Text("type"))
        {
            case null: return null;
            case "VESTING_START_DATE": trigger = new VestingTrigger.OnStart(); break;
            case "VESTING_EVENT": trigger = new VestingTrigger.OnEvent(); break;
            case "VESTING_SCHEDULE_ABSOLUTE":
                if (map.Value("date", VestingWords.DateWanted, VestingWords.Date) is { } date)
                    trigger = new VestingTrigger.Absolute(date);
                break;
            case "VESTING_SCHEDULE_RELATIVE":
                if (!map.Keys.Contains("period")) map.WrongAt("period", "is missing.");
                var (period, to) = (map.Map("period"), map.Text("relative_to_condition_id"));
                if (period is not null && PeriodOf(period) is { } span)
                    trigger = new VestingTrigger.Relative(span, to ?? "");
                break;
            case var other:
                map.WrongAt("type", $"is '{other}', not one of VESTING_START_DATE, VESTING_SCHEDULE_ABSOLUTE,"
                    + " VESTING_SCHEDULE_RELATIVE, VESTING_EVENT.");
                return null;
        }

        map.Finish();
        return trigger;
    }

    private static VestingPeriod? PeriodOf(YamlMap map)
    {
        var length = map.Whole("length", 0, 36_600);
        var unit = map.Value("type", "DAYS or MONTHS", text => text switch
        {
            "DAYS" => PeriodUnit.Days,
            "MONTHS" => PeriodUnit.Months,
            _ => (PeriodUnit?)null,
        });
        var occurrences = map.Whole("occurrences", 1, VestingGraph.MostInstalments);
        var cliff = map.Whole("cliff_installment", 0, VestingGraph.MostInstalments, required: false);
        var day = unit == PeriodUnit.Days ? null : map.Value("day_of_month", VestingWords.DayWanted, VestingWords.Day);
        map.Finish();
        return length is { } l && unit is { } u && occurrences is { } o
            ? new VestingPeriod(l, u, o, cliff ?? 0, day ?? default)
            : null;
    }

    // The check works on numbers, so the place in the file has to be found again for its problems.
    private static void Tell(YamlMap map, IReadOnlyList<YamlMap> conditions, VestingProblem problem)
    {
        if (problem.Condition >= conditions.Count)
        {
            map.WrongAt(problem.Key, problem.Reason);
            return;
        }

        var path = problem.Key.Split('.');
        var at = conditions[problem.Condition];
        foreach (var key in path[..^1]) at = at.Map(key)!;
        if (problem.Item is { } item) at.WrongItem(path[^1], item, problem.Reason);
        else at.WrongAt(path[^1], problem.Reason);
    }
}
