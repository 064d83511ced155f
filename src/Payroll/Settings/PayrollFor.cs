using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Employees;

namespace Guerdon.Payroll.Settings;

/// <summary>What of payroll's settings is somebody's: the codes of their country, what their currency is worth, and all
/// that is everybody's.</summary>
internal sealed class PayrollFor(PayrollSettings settings, string yaml)
{
    // That there is another first day is nobody's.
    private readonly IReadOnlyList<YamlSetting> _general =
    [
        .. YamlSettings.Of(yaml).Where(one => one.Path != "effective_from"
            && !YamlSettings.IsOf(one.Path, "codes") && !YamlSettings.IsOf(one.Path, "currencies")),
    ];

    private readonly IReadOnlyList<(string TaxClass, string Form)> _booked =
        [.. settings.Codes.Select(code => (code.TaxClass, code.Form)).Distinct()];

    public PayrollSettings Settings => settings;

    /// <summary>Reads a file that was applied, or was found right.</summary>
    public static PayrollFor Read(string yaml) => new(PayrollSettingsFile.ReadApplied(yaml), yaml);

    /// <summary>By setting; empty: a bot's, which is not paid.</summary>
    public IReadOnlyDictionary<string, string> Of(Person person)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        if (person.IsBot) return all;
        foreach (var one in _general) all[one.Path] = one.Value;
        if (settings.RateNanos.TryGetValue(person.Currency, out var rate))
            all[$"{person.Currency} in USD"] = Decimals.Format(rate, 9, 0);
        foreach (var (of, form) in _booked)
            if (settings.CodeOf(of, form, person.Country) is { } code) all[$"{of} {form}"] = TextOf(code);
        return all;
    }

    private static string TextOf(EarningCode code) =>
        $"{code.Code}{(code.IsMemo ? ", not paid" : "")}, counted at {code.Recognised.ToString().ToLowerInvariant()}, "
        + $"{code.Jurisdiction}, by {code.Source}";
}
