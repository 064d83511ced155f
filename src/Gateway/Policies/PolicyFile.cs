using System.Text.RegularExpressions;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>Reads a policy. Strict: an unknown key or an empty list is an error, since each would let pass what was
/// meant to be refused.</summary>
internal static partial class PolicyFile
{
    private const int MaxReason = 500;

    /// <summary>The policy, or every error of the file by line and column.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="isProvider">Whether the price book has a provider; a misspelt one in a deny list would deny
    /// nothing.</param>
    public static (Policy? Policy, IReadOnlyList<YamlError> Errors) Read(string yaml, Func<string, bool> isProvider) =>
        YamlFile.Read(yaml, "policy", (map, _) => PolicyOf(map, isProvider));

    private static Policy PolicyOf(YamlMap map, Func<string, bool> isProvider)
    {
        var closed = map.Text("closed", required: false);
        if (closed is not null && !IsReason(closed))
            map.WrongAt("closed", $"needs a reason of one line and at most {MaxReason} characters.");
        var most = map.Whole("max_body_bytes", 1, 1 << 30, required: false);
        var models = Approval(map, "models", "a model's name, in which * and ? stand for others", IsGlob);
        var services = Approval(map, "services", "a provider of the price book", isProvider);
        var free = List(map, "zero_rated", "a model's name, in which * and ? stand for others", IsGlob);
        var rates = map.Maps("rates").Select(RateOf).ToArray();
        map.Finish();
        return new Policy
        {
            Closed = closed, MaxBodyBytes = most, Models = models, Services = services, ZeroRated = free,
            Rates = rates,
        };
    }

    private static RateRule RateOf(YamlMap map, int index)
    {
        var per = map.Value("per", "person, model or person_and_model", text => text switch
        {
            "person" => RateScope.Person, "model" => RateScope.Model,
            "person_and_model" => RateScope.PersonAndModel, _ => (RateScope?)null,
        });
        var models = List(map, "models", "a model's name, in which * and ? stand for others", IsGlob);
        var requests = map.Whole("requests", 1, 1_000_000_000, required: false);
        var tokens = map.Whole("tokens", 1, 1_000_000_000, required: false);
        var window = map.Value("window", "1m, 1h or 1d", text => text switch
        {
            "1m" => TimeSpan.FromMinutes(1), "1h" => TimeSpan.FromHours(1), "1d" => TimeSpan.FromDays(1),
            _ => (TimeSpan?)null,
        });
        if (!map.Keys.Contains("requests") && !map.Keys.Contains("tokens"))
            map.WrongAt("requests", "and tokens are both missing; a rule limits at least one.");
        map.Finish();
        return new RateRule(index + 1, per ?? default, models, requests, tokens, window ?? TimeSpan.FromMinutes(1));
    }

    /// <summary>Whether a text can be shown to every caller as the reason.</summary>
    public static bool IsReason(string text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxReason && !text.Any(char.IsControl);

    private static Approval Approval(YamlMap above, string key, string wanted, Func<string, bool> accepts)
    {
        if (above.Map(key) is not { } map) return Gateway.Approval.All;
        var approval = new Approval(List(map, "allow", wanted, accepts), List(map, "deny", wanted, accepts));
        if (!map.Keys.Any()) above.WrongAt(key, "needs allow, deny or both.");
        map.Finish();
        return approval;
    }

    // An empty list would read as none, which says the opposite of what was meant.
    private static IReadOnlyList<string> List(YamlMap map, string key, string wanted, Func<string, bool> accepts)
    {
        if (map.IsEmptyList(key)) map.WrongAt(key, "is an empty list; leave it out, or name what is meant.");
        return map.Texts(key, wanted, accepts);
    }

    private static bool IsGlob(string text) => GlobForm().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9._:/@+*?-]{1,200}\z")]
    private static partial Regex GlobForm();
}
