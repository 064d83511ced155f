using System.IO.Enumeration;
using Guerdon.Bounds.Plans;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Policies;

/// <summary>Which names are approved. Deny wins; an empty list of those allowed allows all the others.</summary>
public sealed record Approval(IReadOnlyList<string> Allow, IReadOnlyList<string> Deny)
{
    public static readonly Approval All = new([], []);

    /// <summary>Why a thing that goes by two names is not approved, or null.</summary>
    public string? Refuses(string name, string alias)
    {
        foreach (var glob in Deny)
            if (Globs.Match(glob, name) || Globs.Match(glob, alias)) return $"deny has '{glob}'";
        if (Allow.Count == 0 || Globs.MatchAny(Allow, name, alias)) return null;
        return "allow does not have it";
    }
}

/// <summary><c>*</c> stands for any run of characters and <c>?</c> for one; case does not matter.</summary>
internal static class Globs
{
    public static bool Match(string glob, string name) => FileSystemName.MatchesSimpleExpression(glob, name);

    public static bool MatchAny(IReadOnlyList<string> globs, string name, string alias)
    {
        foreach (var glob in globs)
            if (Match(glob, name) || Match(glob, alias)) return true;

        return false;
    }
}

/// <summary>What may pass the gateway, ready to be asked on every call. Never changed.</summary>
public sealed record Policy
{
    /// <summary>Names of the rules, in a file and in refusals.</summary>
    public static readonly IReadOnlyList<string> Keys =
        ["max_body_bytes", "models", "services", "zero_rated", "rates", "hosted_tools", "members"];

    /// <summary>0 where nothing was applied and only the switch is turned.</summary>
    public int Version { get; init; }

    public DateTimeOffset From { get; init; }

    /// <summary>Why every call is refused; null: the gateway is open.</summary>
    public string? Closed { get; init; }

    /// <summary>The largest body, where it is below the server's own limit.</summary>
    public int? MaxBodyBytes { get; init; }

    public Approval Models { get; init; } = Approval.All;

    /// <summary>By the provider's name in the price book.</summary>
    public Approval Services { get; init; } = Approval.All;

    /// <summary>Models that are metered and cost their callers nothing.</summary>
    public IReadOnlyList<string> ZeroRated { get; init; } = [];

    /// <summary>How much may pass in any minute, hour or day.</summary>
    public IReadOnlyList<RateRule> Rates { get; init; } = [];

    /// <summary>Limits of tools that providers run by themselves; one that is not in it has the default.</summary>
    public IReadOnlyDictionary<string, ToolLimit> HostedTools { get; init; } =
        new Dictionary<string, ToolLimit>(StringComparer.Ordinal);

    /// <summary>Members of bodies that pass though Guerdon does not know what they cost.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Rules for some, in the file's order.</summary>
    public IReadOnlyList<PolicySection> Sections { get; init; } = [];

    /// <summary>Whom this is for, such as <c>plan pilot</c>; null: for all.</summary>
    public string? Whom { get; init; }

    /// <summary>The rules that a section states itself; the others are those for all.</summary>
    public IReadOnlySet<string> Own { get; init; } = new HashSet<string>();

    /// <summary>What binds a member: the first section that includes them, else what is for all.</summary>
    public Policy For(Membership member)
    {
        foreach (var section in Sections)
            if (section.Includes(member)) return section.Rules;

        return this;
    }

    /// <summary>The same as a version that was applied.</summary>
    public Policy As(int version, DateTimeOffset from, string? closed) => this with
    {
        Version = version,
        From = from,
        Closed = closed,
        Sections = [.. Sections.Select(s => s with { Rules = s.Rules.As(version, from, closed) })],
    };

    public Refused? RefusesAll() => Closed is null
        ? null
        : PolicyRefusals.Closed.With($"The gateway is closed: {Closed.TrimEnd('.')}.");

    /// <summary>Why a model may not be called, or null. A dated name is judged by the undated one too.</summary>
    public Refused? Refuses(string model, Price price)
    {
        if (Services.Refuses(price.Provider, price.Provider) is { } service)
            return PolicyRefusals.ServiceNotApproved.With(
                $"'{price.Provider}', which serves '{model}', is not approved: services.{service} {In("services")}.");
        return Models.Refuses(model, price.Model) is { } why
            ? PolicyRefusals.ModelNotApproved.With($"'{model}' is not approved: models.{why} {In("models")}.")
            : null;
    }

    /// <summary>Names the policy in a refusal of a body that is too large by it; else null.</summary>
    public Refused? Limits(Refused refused) =>
        refused.Refusal == PolicyRefusals.BodyTooLarge && MaxBodyBytes is not null
            ? refused with { Detail = $"{refused.Detail} (max_body_bytes {In("max_body_bytes")})" }
            : null;

    /// <summary>How far the provider may run a tool.</summary>
    public ToolLimit LimitOf(string tool) => HostedTools.GetValueOrDefault(tool) ?? ToolLimit.Default;

    /// <summary>Why it may not run a tool.</summary>
    public Refused RefusesTool(string tool, string where) => PolicyRefusals.ToolNotApproved.With(
        $"{where} is the tool '{tool}', which is not approved: hosted_tools {In("hosted_tools")}.");

    public bool IsZeroRated(string model, Price price) => Globs.MatchAny(ZeroRated, model, price.Model);

    private string In(string key) =>
        $"in policy version {Version}{(Whom is not null && Own.Contains(key) ? $" for {Whom}" : "")}";
}
