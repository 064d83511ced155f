using System.Text.RegularExpressions;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Known;
using Guerdon.Kernel;

namespace Guerdon.Policies;

/// <summary>Reads a policy. Strict: an unknown key or an empty list is an error, since each would let pass what was
/// meant to be refused.</summary>
internal static partial class PolicyFile
{
    private const int MaxReason = 500;
    private const int MaxSections = 100;
    private const int MostUses = 100;
    private const string Glob = "a model's name, in which * and ? stand for others";

    // A word of its own, since an empty list could be read as "no rule" as well as "nothing".
    private const string None = "none";

    /// <summary>The policy, or every error of the file by line and column.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="isProvider">Whether the price book has a provider; a misspelt one in a deny list
    /// would deny nothing.</param>
    /// <param name="groups">The plans and teams there are; null: any, for a text that was checked before.</param>
    public static (Policy? Policy, IReadOnlyList<YamlError> Errors) Read(
        string yaml, Func<string, bool> isProvider, GroupNames? groups = null) =>
        YamlFile.Read(yaml, "policy", (map, _) => PolicyOf(map, isProvider, groups));

    /// <summary>A text that was applied, or is checked already; null: this node cannot read it.</summary>
    public static Policy? ReadApplied(string yaml) => Read(yaml, static _ => true).Policy;

    private static Policy PolicyOf(YamlMap map, Func<string, bool> isProvider, GroupNames? groups)
    {
        var closed = map.Text("closed", required: false);
        if (closed is not null && !IsReason(closed))
            map.WrongAt("closed", $"needs a reason of one line and at most {MaxReason} characters.");
        var forAll = RulesOf(map, new Policy(), isProvider) with { Closed = closed };
        var sections = new List<PolicySection>();
        foreach (var below in Items(map, "for"))
            if (SectionOf(below, forAll, isProvider, groups, sections) is { } section) sections.Add(section);
        if (sections.Count > MaxSections) map.WrongAt("for", $"has more than {MaxSections} sections.");
        map.Finish();
        return forAll with { Sections = sections };
    }

    private static PolicySection? SectionOf(
        YamlMap map, Policy forAll, Func<string, bool> isProvider, GroupNames? groups, List<PolicySection> before)
    {
        var plan = Known(map, "plan", "a plan that was applied", groups?.Plans);
        var team = Known(map, "team", "a team of anybody's", groups?.Teams);
        var whom = PolicySection.Words(plan, team);
        var rules = RulesOf(map, forAll with { Whom = whom }, isProvider);
        map.Finish();
        if (!map.Keys.Contains("plan") && !map.Keys.Contains("team"))
            map.WrongAt("plan", "and team are both missing; a section says whom it is for.");
        else if (before.Any(other => other.Plan == plan && other.Team == team))
            map.WrongAt(plan is null ? "team" : "plan", $"repeats the section for {whom}; the first one binds.");
        else if (map.Keys.All(key => key is "plan" or "team"))
            map.WrongAt(plan is null ? "team" : "plan", $"has no rules; say what is different for {whom}.");
        return new PolicySection(plan, team, rules);
    }

    // A key replaces all that the basis says under it, so that one section can be read without the others.
    private static Policy RulesOf(YamlMap map, Policy basis, Func<string, bool> isProvider)
    {
        var most = map.Whole("max_body_bytes", 1, 1 << 30, required: false);
        var models = ApprovalOf(map, "models", Glob, IsGlob);
        var services = ApprovalOf(map, "services", "a provider of the price book", isProvider);
        var free = map.Says("zero_rated", None) ? [] : List(map, "zero_rated", Glob, IsGlob);
        RateRule[] rates = map.Says("rates", None)
            ? []
            : [.. Items(map, "rates").Select((below, index) => RateOf(below, index, basis.Whom))];
        var tools = ToolsOf(map);
        IReadOnlyList<string> members = map.Says("members", None)
            ? []
            : List(map, "members", "the name of a member", IsMember);
        var own = Policy.Keys.Where(map.Keys.Contains).ToHashSet();
        return basis with
        {
            Own = own,
            MaxBodyBytes = most ?? basis.MaxBodyBytes,
            Models = models ?? basis.Models,
            Services = services ?? basis.Services,
            ZeroRated = own.Contains("zero_rated") ? free : basis.ZeroRated,
            Rates = own.Contains("rates") ? rates : basis.Rates,
            HostedTools = tools ?? basis.HostedTools,
            Members = own.Contains("members") ? members : basis.Members,
        };
    }

    private static Dictionary<string, ToolLimit>? ToolsOf(YamlMap above)
    {
        const string key = "hosted_tools";
        if (above.Says(key, None))
            return KnownDialects.ToolNames.ToDictionary(name => name, _ => ToolLimit.Refused, StringComparer.Ordinal);
        if (above.Map(key) is not { } map) return null;

        var limits = new Dictionary<string, ToolLimit>(StringComparer.Ordinal);
        foreach (var name in KnownDialects.ToolNames)
        {
            if (map.Map(name) is not { } below) continue;
            var uses = below.Whole("max_uses", 0, MostUses);
            var tokens = below.Whole("tokens_per_use", 1, 10_000_000, required: false);
            below.Finish();
            limits[name] = new ToolLimit(uses ?? 0, tokens, IsStated: true);
        }

        if (!map.Keys.Any())
            above.WrongAt(key, $"names no tool. There are: {string.Join(", ", KnownDialects.ToolNames)}.");
        map.Finish();
        return limits;
    }

    private static RateRule RateOf(YamlMap map, int index, string? whom)
    {
        var per = map.Value("per", "person, model or person_and_model", text => text switch
        {
            "person" => RateScope.Person,
            "model" => RateScope.Model,
            "person_and_model" => RateScope.PersonAndModel,
            _ => (RateScope?)null,
        });
        var models = List(map, "models", Glob, IsGlob);
        var requests = map.Whole("requests", 1, 1_000_000_000, required: false);
        var tokens = map.Whole("tokens", 1, 1_000_000_000, required: false);
        var window = map.Value("window", "1m, 1h or 1d", text => text switch
        {
            "1m" => TimeSpan.FromMinutes(1),
            "1h" => TimeSpan.FromHours(1),
            "1d" => TimeSpan.FromDays(1),
            _ => (TimeSpan?)null,
        });
        if (!map.Keys.Contains("requests") && !map.Keys.Contains("tokens"))
            map.WrongAt("requests", "and tokens are both missing; a rule limits at least one.");
        map.Finish();
        return new RateRule(
            index + 1, per ?? default, models, requests, tokens, window ?? TimeSpan.FromMinutes(1), whom);
    }

    /// <summary>Whether a text can be shown to every caller as the reason.</summary>
    public static bool IsReason(string text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxReason && !text.Any(char.IsControl);

    private static Approval? ApprovalOf(YamlMap above, string key, string wanted, Func<string, bool> accepts)
    {
        if (above.Map(key) is not { } map) return null;
        var approval = new Approval(List(map, "allow", wanted, accepts), List(map, "deny", wanted, accepts));
        if (!map.Keys.Any()) above.WrongAt(key, "needs allow, deny or both.");
        map.Finish();
        return approval;
    }

    private static string? Known(YamlMap map, string key, string what, IReadOnlyCollection<string>? names)
    {
        var name = map.Text(key, required: false);
        if (name is not null && names is not null && !names.Contains(name))
            map.WrongAt(key, $"is '{name}', not {what}. {Few(names)}");
        return name;
    }

    private static string Few(IReadOnlyCollection<string> names)
    {
        const int few = 10;
        if (names.Count == 0) return "There are none yet.";
        var first = string.Join(", ", names.Order(StringComparer.Ordinal).Take(few));
        return names.Count <= few ? $"There are: {first}." : $"There are {names.Count}, such as {first}.";
    }

    // An empty list must be an error: it would read as "none", which says the opposite of what was meant.
    private static IReadOnlyList<string> List(YamlMap map, string key, string wanted, Func<string, bool> accepts)
    {
        RefuseEmpty(map, key);
        return map.Texts(key, wanted, accepts);
    }

    private static IReadOnlyList<YamlMap> Items(YamlMap map, string key)
    {
        RefuseEmpty(map, key);
        return map.Maps(key);
    }

    private static void RefuseEmpty(YamlMap map, string key)
    {
        if (map.IsEmptyList(key)) map.WrongAt(key, "is an empty list; leave it out, or name what is meant.");
    }

    private static bool IsGlob(string text) => GlobForm().IsMatch(text);

    private static bool IsMember(string text) => MemberForm().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.-]{0,63}\z")]
    private static partial Regex MemberForm();

    [GeneratedRegex(@"^[A-Za-z0-9._:/@+*?-]{1,200}\z")]
    private static partial Regex GlobForm();
}
