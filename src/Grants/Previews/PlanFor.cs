using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
using Guerdon.Plans;

namespace Guerdon.Grants.Previews;

/// <summary>All that a plan's file sets for somebody. Every setting of the file is in it, but for whom it is: that
/// shows in whether they have it.</summary>
internal sealed class PlanFor
{
    private const string Awards = "awards", Phases = "phases", Eligible = "eligible";

    // Told by somebody's own level, team, currency and part time.
    private const string Level = "allowance.factors.level", Team = "allowance.factors.complexity", Rates = "rates",
        PartTime = "allowance.part_time";

    private readonly List<YamlSetting> _general = [];
    private readonly ILookup<string, YamlSetting> _parts;

    private PlanFor(Plan plan, string yaml)
    {
        Plan = plan;
        var parts = new List<(string Part, YamlSetting Setting)>();
        foreach (var one in YamlSettings.Of(yaml))
        {
            if (Is(one, Level) || Is(one, Team) || Is(one, Rates) || Is(one, PartTime)
                || one.Path is "name" or "effective_from") continue;
            // Names of awards and phases have no brackets.
            var part = Is(one, Awards) || Is(one, Phases)
                ? one.Path[..(one.Path.IndexOf(']', StringComparison.Ordinal) + 1)] : "";
            if (IsWhom(one.Path[part.Length..].TrimStart('.'))) continue;
            if (part.Length > 0) parts.Add((part, one));
            else _general.Add(one);
        }

        // The first is open, and the last that was opened counts.
        if (plan.Phases.Count > 0)
            _general.Add(new YamlSetting("order of phases", string.Join(", ", plan.Phases.Select(p => p.Name))));
        _parts = parts.ToLookup(one => one.Part, one => one.Setting);
    }

    public Plan Plan { get; }

    /// <summary>Reads a file that was applied, or was found right.</summary>
    public static PlanFor Read(string yaml) => new(PlanFile.ReadApplied(yaml), yaml);

    /// <summary>By setting; empty: the plan is not for them.</summary>
    public IReadOnlyDictionary<string, string> Of(Person person)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Plan.Eligible.Excludes(person) is not null) return all;
        foreach (var one in _general) all[one.Path] = one.Value;
        var factors = (Plan.Allowance?.Factors ?? Factors.None).Of(person, 0, 0);
        all[Level] = Decimals.Format(factors.Level, 6, 0);
        all[Team] = Decimals.Format(factors.Team, 6, 0);
        if (PartTimeOf(person) is { } part) all[PartTime] = part;
        if (Plan.RateNanos.TryGetValue(person.Currency, out var rate))
            all[$"{Rates}.{person.Currency}"] = Decimals.Format(rate, 9, 0);
        foreach (var award in Plan.Awards) Take(Awards, award.Name, award.Eligible);
        foreach (var phase in Plan.Phases) Take(Phases, phase.Name, phase.Eligible);
        return all;

        void Take(string of, string name, Eligibility eligible)
        {
            if (eligible.Excludes(person) is not null) return;
            foreach (var one in _parts[$"{of}[{name}]"]) all[one.Path] = one.Value;
        }
    }

    /// <summary>What of somebody it goes by, as the same text for all for whom it sets the same.</summary>
    public string KeyOf(Person person)
    {
        if (Plan.Eligible.Excludes(person) is not null) return "";
        var factors = (Plan.Allowance?.Factors ?? Factors.None).Of(person, 0, 0);
        var parts = Plan.Awards.Select(award => award.Eligible).Concat(Plan.Phases.Select(phase => phase.Eligible))
            .Select(eligible => eligible.Excludes(person) is null ? '1' : '0');
        return $"{factors.Level} {factors.Team} {person.Currency} {string.Concat(parts)} {PartTimeOf(person)}";
    }

    // For whoever works full time it sets nothing.
    private string? PartTimeOf(Person person) =>
        person.PartTimeBp == Standing.FullTimeBp ? null : Plan.Allowance?.PartTime.ToString();

    private static bool Is(YamlSetting one, string part) => YamlSettings.IsOf(one.Path, part);

    // A list of whom a plan, an award or a phase is for; that somebody must have been there for some days is a rule for
    // all of them.
    private static bool IsWhom(string path) =>
        YamlSettings.IsOf(path, Eligible) && path != $"{Eligible}.min_tenure_days";
}
