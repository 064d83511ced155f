using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Ledger.Lots;
using Guerdon.People;
using Guerdon.Plans;
using Guerdon.Unit.Architecture;
using Guerdon.Vesting;

namespace Guerdon.Unit.Grants;

/// <summary>The schema that editors read knows what the reader of plans knows, key by key and code by code.</summary>
public class PlanSchemaTests
{
    private const string Unknown = "no_such_key";
    private const string Condition = "vesting: { vesting_conditions: [ { ";

    private static readonly JsonObject Schema =
        JsonNode.Parse(Repository.Read("docs/schemas/plan.schema.json"))!.AsObject();

    /// <summary>Each mapping of the schema, and a plan with an unknown key (<c>+</c>) in it; keys that the reader does
    /// not call missing, since the plan has them.</summary>
    public static TheoryData<string, string, string> Places => new()
    {
        { "", "+", "" },
        { "allowance", "allowance: { + }", "" },
        { "factors", "allowance: { factors: { + } }", "" },
        { "usage", "allowance: { factors: { usage: { + } } }", "" },
        { "signing_bonus", "signing_bonus: { + }", "" },
        { "match", "match: { + }", "" },
        { "award", "awards: [ { amount_usd: 1, + } ]", "" },
        { "tier", "tiers: [ { + } ]", "" },
        { "phase", "phases: [ { + } ]", "" },
        { "eligible", "eligible: { + }", "" },
        { "clawback", "match: { clawback: { + } }", "" },
        { "vesting_short", "match: { vesting: { + } }", "" },
        { "vesting_full", "match: { vesting: { object_type: VESTING_TERMS, + } }", "" },
        { "condition", $"match: {{ {Condition} + }} ] }} }}", "" },
        { "portion", $"match: {{ {Condition} portion: {{ + }} }} ] }} }}", "" },
        { "trigger_plain", $"match: {{ {Condition} trigger: {{ type: VESTING_EVENT, + }} }} ] }} }}", "type" },
        { "trigger_absolute",
            $"match: {{ {Condition} trigger: {{ type: VESTING_SCHEDULE_ABSOLUTE, + }} }} ] }} }}", "type" },
        { "trigger_relative",
            $"match: {{ {Condition} trigger: {{ type: VESTING_SCHEDULE_RELATIVE, + }} }} ] }} }}", "type" },
        { "period_days", $"match: {{ {Condition} trigger: {{ type: VESTING_SCHEDULE_RELATIVE,"
            + " period: { type: DAYS, + } } } ] } }", "type" },
        { "period_months", $"match: {{ {Condition} trigger: {{ type: VESTING_SCHEDULE_RELATIVE,"
            + " period: { type: MONTHS, + } } } ] } }", "type" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Mapping_HasTheKeysOfTheReader(string place, string plan, string there)
    {
        var errors = PlanFile.Read(plan.Replace("+", $"{Unknown}: 1", StringComparison.Ordinal)).Errors;
        const string Known = "is unknown here. Known: ";
        var unknown = Assert.Single(errors, e => e.Reason.Contains(Known, StringComparison.Ordinal));
        var prefix = unknown.Key[..^Unknown.Length];
        var missing = errors
            .Where(e => e.Reason.StartsWith($"{e.Key} is missing", StringComparison.Ordinal) && InPlace(e.Key))
            .Select(e => e.Key[prefix.Length..]);

        var mapping = At(place);
        var known = unknown.Reason[(unknown.Reason.IndexOf(Known, StringComparison.Ordinal) + Known.Length)..^1];
        Assert.Equal(known.Split(", ").Order(), mapping["properties"]!.AsObject().Select(p => p.Key).Order());
        Assert.Equal(
            missing.Concat(there.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Order(),
            Texts(mapping["required"]).Order());

        bool InPlace(string key) => key.StartsWith(prefix, StringComparison.Ordinal)
            && !key[prefix.Length..].Contains('.', StringComparison.Ordinal);
    }

    // What the test above looks at is all that there is.
    [Fact]
    public void Mappings_AreAllClosedAndKnownToTheTest() => Assert.Equal(
        Places.Select(row => row.Data.Item1).Order(),
        Schema["$defs"]!.AsObject().Select(d => d.Key).Append("")
            .Where(name => At(name)["additionalProperties"]?.GetValueKind() == JsonValueKind.False).Order());

    [Fact]
    public void Keys_AllHaveASentence() => Assert.Empty(
        from place in Places.Select(row => row.Data.Item1)
        from property in At(place)["properties"]!.AsObject()
        let own = property.Value!["description"] ?? Target(property.Value)?["description"]
        where own?.GetValue<string>().EndsWith('.') != true
        select $"{place}.{property.Key} has no sentence of description");

    [Fact]
    public void Codes_AreThoseOfTheReader()
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        string[] two = [.. from a in Letters from b in Letters select $"{a}{b}"];
        Assert.Equal(two.Where(Codes.IsCountry), Texts(At("country")["enum"]));
        Assert.Equal(
            (from a in two from b in Letters select $"{a}{b}").Where(c => c != "USD" && Codes.IsCurrency(c)),
            Texts(At("currency")["enum"]));
    }

    [Fact]
    public void Words_AreThoseOfTheReader()
    {
        Assert.Equal(TaxClass.All.Select(c => c.Name), Texts(At("tax_class")["enum"]));
        Assert.Equal(GrantKind.Awarded, Texts(At("award")["properties"]!["kind"]!["enum"]));
        Assert.Equal(VestingWords.AllocationWanted, $"one of {string.Join(", ", Texts(At("allocation")["enum"]))}");
        Assert.All(Texts(At("day_of_month")["anyOf"]![1]!["enum"]), day => Assert.NotNull(VestingWords.Day(day)));
    }

    private static JsonObject At(string place) =>
        place.Length == 0 ? Schema : Schema["$defs"]![place]!.AsObject();

    private static JsonObject? Target(JsonNode property) =>
        property["$ref"]?.GetValue<string>() is { } to ? At(to["#/$defs/".Length..]) : null;

    private static IEnumerable<string> Texts(JsonNode? list) =>
        list?.AsArray().Select(text => text!.GetValue<string>()) ?? [];
}
