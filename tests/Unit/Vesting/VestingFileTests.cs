using System.Text;
using Guerdon.Kernel;
using Guerdon.Vesting;

namespace Guerdon.Unit.Vesting;

/// <summary>Vesting terms as JSON of the format and as YAML of a plan, and what is wrong with them.</summary>
public class VestingFileTests
{
    internal const string Json = """
        {
          "object_type": "VESTING_TERMS",
          "id": "four-years",
          "name": "Four years",
          "description": "",
          "comments": ["signed"],
          "allocation_type": "CUMULATIVE_ROUNDING",
          "vesting_conditions": [
            {"id": "start", "quantity": "0", "trigger": {"type": "VESTING_START_DATE"},
             "next_condition_ids": ["monthly", "sale", "fixed"]},
            {"id": "monthly", "description": "Each month", "portion": {"numerator": "1", "denominator": "48"},
             "trigger": {"type": "VESTING_SCHEDULE_RELATIVE", "relative_to_condition_id": "start",
               "period": {"length": 1, "type": "MONTHS", "occurrences": 36, "cliff_installment": 12,
                 "day_of_month": "29_OR_LAST_DAY_OF_MONTH"}},
             "next_condition_ids": ["daily"]},
            {"id": "sale", "portion": {"numerator": "1.00", "denominator": "1", "remainder": true},
             "trigger": {"type": "VESTING_EVENT"}, "next_condition_ids": []},
            {"id": "fixed", "quantity": "7", "trigger": {"type": "VESTING_SCHEDULE_ABSOLUTE", "date": "2028-02-29"},
             "next_condition_ids": []},
            {"id": "daily", "portion": {"numerator": "1", "denominator": "60"},
             "trigger": {"type": "VESTING_SCHEDULE_RELATIVE", "relative_to_condition_id": "monthly",
               "period": {"length": 30, "type": "DAYS", "occurrences": 15}},
             "next_condition_ids": []}
          ]
        }
        """;

    internal const string Long = """
        allocation_type: BACK_LOADED
        leaver: accelerate 50%
        vesting_conditions:
          - {id: a, quantity: 0, trigger: {type: VESTING_START_DATE}, next_condition_ids: [b]}
          - id: b
            portion: {numerator: 1, denominator: 4}
            trigger:
              type: VESTING_SCHEDULE_RELATIVE
              relative_to_condition_id: a
              period: {length: 3, type: MONTHS, occurrences: 4, day_of_month: 01}
            next_condition_ids: []
        """;

    private const string Short =
        "months: 48\ncliff_months: 12\nevery_months: 3\nday_of_month: 15\nallocation: FRACTIONAL\n"
        + "leaver: keep-vesting\n";

    private static (VestingTerms? Terms, IReadOnlyList<YamlError> Errors) ReadJson(string json) =>
        VestingJson.Read(Encoding.UTF8.GetBytes(json));

    private static (VestingTerms? Terms, IReadOnlyList<YamlError> Errors) ReadYaml(string yaml) =>
        YamlFile.Read(yaml, "plan", VestingYaml.Of);

    [Fact]
    public void Json_GoodTerms_AreExact()
    {
        var (terms, errors) = ReadJson("\uFEFF" + Json);

        Assert.Empty(errors);
        Assert.Equal(("four-years", "Four years", "", AllocationType.CumulativeRounding),
            (terms!.Id, terms.Name, terms.Description, terms.AllocationType));
        Assert.Equal(["start", "monthly", "sale", "fixed", "daily"], terms.Conditions.Select(c => c.Id));
        Assert.Equal(["monthly", "sale", "fixed"], terms.Conditions[0].NextConditionIds);
        Assert.Equal((0, new VestingPortion(1, 48), new VestingPortion(1, 1, true), 7, "Each month"), (
            terms.Conditions[0].Quantity, terms.Conditions[1].Portion, terms.Conditions[2].Portion,
            terms.Conditions[3].Quantity, terms.Conditions[1].Description));
        Assert.Equal(
            [
                new VestingTrigger.OnStart(),
                new VestingTrigger.Relative(
                    new VestingPeriod(1, PeriodUnit.Months, 36, 12, new VestingDay(29)), "start"),
                new VestingTrigger.OnEvent(), new VestingTrigger.Absolute(new DateOnly(2028, 2, 29)),
                new VestingTrigger.Relative(new VestingPeriod(30, PeriodUnit.Days, 15), "monthly"),
            ],
            terms.Conditions.Select(c => c.Trigger));
    }

    [Fact]
    public void Yaml_FullTerms_AreExact()
    {
        var (terms, errors) = ReadYaml(Long);

        Assert.Empty(errors);
        Assert.Equal((AllocationType.BackLoaded, new LeaverRule(LeaverKind.Accelerate, 500_000)),
            (terms!.AllocationType, terms.Leaver));
        Assert.Equal(
            "2026-04-01 2026-07-01 2026-10-01 2027-01-01",
            VestingMake.Dates(terms, VestingMake.From(2026, 1, 15)));
    }

    [Fact]
    public void Yaml_ShortTerms_AreOneScheduleFromTheStart()
    {
        var (terms, errors) = ReadYaml(Short);

        Assert.Empty(errors);
        Assert.Equal((AllocationType.Fractional, new LeaverRule(LeaverKind.KeepVesting)),
            (terms!.AllocationType, terms.Leaver));
        var schedule = VestingSchedule.Of(terms, 1_600, VestingMake.From(2026, 1, 1));
        Assert.Equal((13, 400, new DateOnly(2027, 1, 15), 1_600), (
            schedule.Instalments.Count, schedule.Instalments[0].Amount, schedule.Instalments[0].Date, schedule.Total));

        var (plain, none) = ReadYaml("months: 4\n");
        Assert.Empty(none);
        Assert.Equal([5, 4, 5, 4], VestingMake.Amounts(plain!, 18));
        Assert.Equal(default, plain!.Leaver);
    }

    [Theory]
    [InlineData("\"VESTING_TERMS\"", "\"PLAN\"", 2, 18, "not VESTING_TERMS")]
    [InlineData("\"id\": \"four-years\",", "", 1, 1, "id is missing")]
    [InlineData("\"name\": \"Four years\",", "", 1, 1, "name is missing")]
    [InlineData("\"CUMULATIVE_ROUNDING\"", "\"ROUND\"", 7, 22, "one of CUMULATIVE_ROUNDING, ")]
    [InlineData("\"id\": \"sale\"", "\"id\": \"fixed\"", 18, 12, "'fixed', which condition 3 has already",
        "next_condition_ids[1] has 'sale'")]
    [InlineData("[\"monthly\", \"sale\"", "[\"monthly\", \"sales\"", 10, 40, "'sales', which is not a condition's id")]
    [InlineData("\"sale\", \"fixed\"]", "\"sale\", \"fixed\", \"sale\"]", 10, 57, "has 'sale' twice")]
    [InlineData("\"sale\", \"fixed\"]", "\"sale\"]", 18, 12, "which nothing leads to from the start 'start'")]
    [InlineData("\"quantity\": \"7\"", "\"quantity\": \"-7\"", 18, 33, "whole number of 0 or more")]
    [InlineData("\"quantity\": \"7\"", "\"quantity\": \"7.5\"", 18, 33, "whole number of 0 or more")]
    [InlineData("\"quantity\": \"7\"", "\"quantity\": 7", 18, 33, "number in quotes")]
    [InlineData("\"quantity\": \"7\"", "\"quantity\": \"7e1\"", 18, 33, "whole number of 0 or more")]
    [InlineData("\"quantity\": \"7\", ", "", 18, 5, "must say how much")]
    [InlineData("\"quantity\": \"7\"",
        "\"quantity\": \"7\", \"portion\": {\"numerator\": \"0\", \"denominator\": \"1\"}",
        18, 33, "one of the two")]
    [InlineData("\"2028-02-29\"", "\"2026-02-30\"", 18, 95, "a date that exists")]
    [InlineData("\"length\": 1,", "\"length\": \"1\",", 13, 29, "without quotes")]
    [InlineData("\"length\": 1,", "\"length\": 1.5,", 13, 29, "whole number from 0")]
    [InlineData("\"length\": 1,", "\"length\": -1,", 13, 29, "whole number from 0")]
    [InlineData("\"length\": 1,", "\"length\": null,", 13, 29, "without quotes")]
    [InlineData("\"occurrences\": 36", "\"occurrences\": 0", 13, 65, "whole number from 1")]
    [InlineData("\"occurrences\": 36", "\"occurrences\": 60", 11, 63, "more than the whole: 60 × 1/48")]
    [InlineData("\"occurrences\": 36", "\"occurrences\": 37", 20, 32, "passes the whole along start → monthly → daily")]
    [InlineData("\"cliff_installment\": 12", "\"cliff_installment\": 37", 13, 90, "one of its 36 occurrences")]
    [InlineData("\"MONTHS\"", "\"YEARS\"", 13, 40, "DAYS or MONTHS")]
    [InlineData("\"29_OR_LAST_DAY_OF_MONTH\"", "\"29\"", 14, 26, "29_OR_LAST_DAY_OF_MONTH")]
    [InlineData("\"29_OR_LAST_DAY_OF_MONTH\"", "\"00\"", 14, 26, "01 to 28")]
    [InlineData("\"29_OR_LAST_DAY_OF_MONTH\"", "\"28_OR_LAST_DAY_OF_MONTH\"", 14, 26, "01 to 28")]
    [InlineData("\"occurrences\": 15", "\"occurrences\": 15, \"day_of_month\": \"01\"", 22, 68, "unknown here")]
    [InlineData("\"denominator\": \"60\"", "\"denominator\": \"0\"", 20, 66, "whole number of 1 or more")]
    [InlineData("\"denominator\": \"60\"", "\"denominator\": \"999999937\"", 20, 32, "common denominator")]
    [InlineData("\"remainder\": true", "\"remainder\": \"true\"", 16, 86, "without quotes")]
    [InlineData("\"VESTING_EVENT\"", "\"EVENT\"", 17, 26, "VESTING_SCHEDULE_ABSOLUTE")]
    [InlineData("\"VESTING_EVENT\"", "\"VESTING_START_DATE\"", 17, 17, "second start beside 'start'")]
    [InlineData("\"VESTING_EVENT\"}", "\"VESTING_EVENT\", \"date\": \"2026-01-01\"}", 17, 43, "unknown here")]
    [InlineData("\"relative_to_condition_id\": \"monthly\"", "\"relative_to_condition_id\": \"month\"", 21, 83,
        "'month', which is not a condition's id")]
    [InlineData("\"relative_to_condition_id\": \"monthly\"", "\"relative_to_condition_id\": \"sale\"", 21, 83,
        "'sale', which never comes before 'daily'")]
    [InlineData("\"next_condition_ids\": [\"daily\"]", "\"next_condition_ids\": [\"daily\", \"monthly\"]", 15, 38,
        "a cycle: monthly → monthly")]
    [InlineData("\"VESTING_START_DATE\"", "\"VESTING_SCHEDULE_RELATIVE\"", 9, 49, "period is missing",
        "relative_to_condition_id is missing")]
    [InlineData("\"trigger\": {\"type\": \"VESTING_EVENT\"}, ", "", 16, 5, "trigger is missing")]
    [InlineData("\"comments\"", "\"leaver\": \"forfeit\", \"comments\"", 6, 3, "unknown here")]
    [InlineData("\"comments\"", "\"id\": \"twice\", \"comments\"", 6, 3, "Duplicate")]
    [InlineData("\"comments\"", "comments", 6, 3, "not JSON")]
    [InlineData("\"signed\"", "\"\\ud800\"", 6, 16, "lone surrogate")]
    [InlineData("\"signed\"", "[[[[[[[[[[[]]]]]]]]]]]", 6, 24, "not JSON")]
    public void Json_OneMistake_IsNamedWithItsPlace(
        string right, string wrong, int line, int column, string reason, string? other = null)
    {
        Assert.Contains(right, Json, StringComparison.Ordinal);
        var at = Json.IndexOf(right, StringComparison.Ordinal);
        var (terms, errors) = ReadJson(Json[..at] + wrong + Json[(at + right.Length)..]);

        Assert.Null(terms);
        var said = string.Join('\n', errors);
        var error = errors.FirstOrDefault(e => e.Reason.Contains(reason, StringComparison.Ordinal));
        Assert.True(error is not null, said);
        Assert.True((line, column) == (error.Line, error.Column), said);
        Assert.True(errors.Count == (other is null ? 1 : 2), said);
    }

    [Fact]
    public void Json_LongerCycle_IsNamedAsItRuns()
    {
        var text = Json.Replace("\"next_condition_ids\": []}\n  ]", "\"next_condition_ids\": [\"monthly\"]}\n  ]",
            StringComparison.Ordinal);
        Assert.Contains("closes a cycle: monthly → daily → monthly. ", Assert.Single(ReadJson(text).Errors).Reason,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":1")]
    public void Json_NoSingleObject_IsRefused(string json) => Assert.NotEmpty(ReadJson(json).Errors);

    [Fact]
    public void Json_NoText_IsRefused() => Assert.Contains(
        "UTF-8", Assert.Single(VestingJson.Read([(byte)'"', 0xff, (byte)'"']).Errors).Reason, StringComparison.Ordinal);

    [Fact]
    public void Json_TooMany_IsRefused()
    {
        static string Condition(int i) =>
            $$"""
            {"id":"c{{i}}","quantity":"0","trigger":{"type":"VESTING_EVENT"},"next_condition_ids":["c{{i + 1}}"]}
            """;
        static string With(int count) => """
            {"object_type":"VESTING_TERMS","id":"a","name":"b","description":"c","allocation_type":"FRONT_LOADED",
             "vesting_conditions":[
            """ + string.Join(',', Enumerable.Range(1, count).Select(Condition))
                .Replace($"[\"c{count + 1}\"]", "[]", StringComparison.Ordinal) + "]}";
        Assert.Empty(ReadJson(With(200)).Errors);
        Assert.Contains("1 to 200", Assert.Single(ReadJson(With(201)).Errors).Reason, StringComparison.Ordinal);
        Assert.Contains("1 to 200", Assert.Single(ReadJson(With(0)).Errors).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("months: 48", "months: 0", 1, 9, "whole number from 1 to 1200")]
    [InlineData("months: 48", "months: 47", 3, 15, "does not divide 47")]
    [InlineData("cliff_months: 12", "cliff_months: 13", 2, 15, "not a multiple of 3 up to 48")]
    [InlineData("cliff_months: 12", "cliff_months: 51", 2, 15, "not a multiple of 3 up to 48")]
    [InlineData("day_of_month: 15", "day_of_month: 32", 4, 15, "01 to 28")]
    [InlineData("FRACTIONAL", "fractional", 5, 13, "FRACTIONAL")]
    [InlineData("keep-vesting", "keep", 6, 9, "keep-vesting")]
    [InlineData("keep-vesting", "accelerate 0%", 6, 9, "accelerate 50%")]
    [InlineData("keep-vesting", "accelerate 101%", 6, 9, "accelerate 50%")]
    [InlineData("months: 48", "months: 48\nname: x", 2, 1, "unknown here")]
    public void Yaml_OneMistake_IsNamedWithItsPlace(string right, string wrong, int line, int column, string reason)
    {
        Assert.Contains(right, Short, StringComparison.Ordinal);
        var error = Assert.Single(ReadYaml(Short.Replace(right, wrong, StringComparison.Ordinal)).Errors);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Yaml_GraphMistake_IsNamedWithItsPlace()
    {
        var wrong = Long.Replace("next_condition_ids: []", "next_condition_ids: [a]", StringComparison.Ordinal);
        var error = Assert.Single(ReadYaml(wrong).Errors);
        Assert.Contains("a cycle: a → b → a", error.Reason, StringComparison.Ordinal);
        Assert.Equal((11, 26), (error.Line, error.Column));
    }
}
