using Guerdon.Approvals.Inputs;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People.Employees;

namespace Guerdon.Grants.Previews;

/// <summary>All that a plan's file sets for somebody. Every setting of the file is in it, but for whom it is: that
/// shows in whether they have it.</summary>
internal sealed class PlanFor
{
    private const string Awards = "awards", Phases = "phases", Eligible = "eligible";

    // Told by somebody's own level, team and currency.
    private const string Level = "allowance.factors.level", Team = "allowance.factors.complexity", Rates = "rates";

    private readonly Plan _plan;
    private readonly List<YamlSetting> _general = [];
    private readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal);

    public PlanFor(Plan plan, string yaml)
    {
        _plan = plan;
        foreach (var one in YamlSettings.Of(yaml))
        {
            if (IsOf(one.Path, Level) || IsOf(one.Path, Team) || IsOf(one.Path, Rates) || IsWhom(one.Path)
                || one.Path is "name" or "effective_from") continue;
            if (!IsOf(one.Path, Awards) && !IsOf(one.Path, Phases)) _general.Add(one);
            else if (one.Path.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
            {
                var part = one.Path[..(end + 1)];
                _parts[part] = $"{_parts.GetValueOrDefault(part)}{one.Path[(end + 1)..]}={one.Value}\n";
            }
        }
    }

    /// <summary>By setting; empty: the plan is not for them.</summary>
    public Dictionary<string, string> Of(Person person)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_plan.Eligible.Excludes(person) is not null) return all;
        foreach (var one in _general) all[one.Path] = one.Value;
        var factors = (_plan.Allowance?.Factors ?? Factors.None).Of(person, 0, 0);
        all[Level] = Decimals.Format(factors.Level, 6, 0);
        all[Team] = Decimals.Format(factors.Team, 6, 0);
        if (_plan.RateNanos.TryGetValue(person.Currency, out var rate))
            all[$"{Rates}.{person.Currency}"] = Decimals.Format(rate, 9, 0);
        foreach (var award in _plan.Awards) Take(Awards, award.Name, award.Eligible);
        foreach (var phase in _plan.Phases) Take(Phases, phase.Name, phase.Eligible);
        return all;

        void Take(string of, string name, Eligibility eligible)
        {
            var part = $"{of}[{name}]";
            if (eligible.Excludes(person) is null) all[part] = _parts.GetValueOrDefault(part, name);
        }
    }

    private static bool IsOf(string path, string part) => path.StartsWith(part, StringComparison.Ordinal)
        && (path.Length == part.Length || path[part.Length] is '.' or '[');

    // A list of whom something is for; that somebody must have been there for some days is a rule for all of them.
    private static bool IsWhom(string path) => !path.EndsWith(".min_tenure_days", StringComparison.Ordinal)
        && (IsOf(path, Eligible) || path.Contains($"].{Eligible}.", StringComparison.Ordinal));
}
