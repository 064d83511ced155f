using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Guerdon.Ledger.Lots;
using Guerdon.Vesting;

namespace Guerdon.Plans;

/// <summary>Reads what every kind of grant in a plan says of its tokens.</summary>
public static partial class TokenRulesFile
{
    private const int MostMonths = 120;

    public static TokenRules Of(YamlMap map)
    {
        var rules = new TokenRules(Expiry(map), TaxClassOf(map),
            map.Map("vesting") is { } vesting ? VestingYaml.Of(vesting, map.Errors) : null,
            map.Map("clawback") is { } clawback ? ClawbackOf(clawback) : null);
        return rules;
    }

    // `never` is -1, to tell it from what is missing.
    public static int? Expiry(YamlMap map) =>
        map.Value("expires_after", "months or years such as P3M or P1Y, up to ten years, or never",
            text => text == "never" ? -1 : Months(text)) is > 0 and var months ? months : null;

    private static TaxClass TaxClassOf(YamlMap map)
    {
        var text = map.Text("tax_class") ?? "";
        if (TaxClass.Find(text) is { } known) return known;
        if (text.Length > 0) map.WrongAt("tax_class", $"is '{text}', not one of {TaxClass.Names}.");
        return TaxClass.All[0];
    }

    private static Clawback ClawbackOf(YamlMap map)
    {
        var within = map.Value("within", "months or years such as P1Y, up to ten years", Months);
        var mode = map.Text("mode");
        if (mode is not null and not "full" and not "pro-rata")
            map.WrongAt("mode", $"is '{mode}', not full or pro-rata.");
        map.Finish();
        return new Clawback(within ?? 0, mode == "pro-rata");
    }

    private static int? Months(string text)
    {
        if (DurationForm().Match(text) is not { Success: true } match) return null;
        var count = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (text[^1] == 'Y') count *= 12;
        return count is > 0 and <= MostMonths ? count : null;
    }

    [GeneratedRegex(@"^P([0-9]{1,3})[MY]\z")]
    private static partial Regex DurationForm();
}
