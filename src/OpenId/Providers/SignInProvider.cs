using System.Text.Json.Serialization;
using Guerdon.Approvals;
using Guerdon.Kernel;

namespace Guerdon.OpenId.Providers;

/// <summary>The id of what somebody asked for: a provider with its settings.</summary>
[JsonConverter(typeof(IdConverter<SignInProviderId>))]
public readonly record struct SignInProviderId(Guid Value) : IId<SignInProviderId>
{
    public static string Prefix => "sso";
    public static SignInProviderId From(Guid value) => new(value);
    public static bool TryParse(string? text, out SignInProviderId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>What becomes of somebody whom nobody knows. Stored by these names.</summary>
public static class Strangers
{
    /// <summary>They do not get in.</summary>
    public const string Refuse = "refuse";

    /// <summary>They get an account of nobody: they sign in, and earn nothing.</summary>
    public const string Admit = "admit";
}

/// <summary>What roles a group gives.</summary>
/// <param name="Group">As the provider says it.</param>
/// <param name="Roles">Of <see cref="Kernel.Roles"/>.</param>
public sealed record GroupRule(string Group, IReadOnlyList<string> Roles);

/// <summary>A provider that people sign in with, as somebody asked for it. Another agrees, since whoever runs a
/// provider can say who anybody is.</summary>
/// <param name="Id">What was asked for; other settings are another.</param>
/// <param name="Name">In addresses.</param>
/// <param name="Label">On the button.</param>
/// <param name="Issuer">As its tokens have it, to the letter.</param>
/// <param name="ClientId">What it calls us.</param>
/// <param name="HasSecret">Whether a client secret is saved.</param>
/// <param name="Scopes">What it is asked for.</param>
/// <param name="Strangers">Of <see cref="Providers.Strangers"/>.</param>
/// <param name="GroupClaim">Where it says groups; null: nowhere.</param>
/// <param name="GroupRoles">Roles by group.</param>
/// <param name="AskedBy">Who asked.</param>
/// <param name="AskedAt">When.</param>
/// <param name="State">waiting, in force, declined or ended.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="DecidedAlone">Whether the only administrator approved what they asked for themselves.</param>
/// <param name="DecidedReason">Why it was declined.</param>
/// <param name="EndedAt">When it was removed, or replaced by other settings.</param>
/// <param name="EndedBy">By whom.</param>
/// <param name="WhoMay">Who may approve it, in words, while it waits.</param>
/// <param name="YouMay">Whether whoever reads this may.</param>
/// <param name="YouAsked">Whether they asked for it.</param>
public sealed record SignInProvider(
    SignInProviderId Id, string Name, string Label, string Issuer, string ClientId, bool HasSecret,
    IReadOnlyList<string> Scopes, string Strangers, string? GroupClaim,
    IReadOnlyList<GroupRule> GroupRoles, string AskedBy, DateTimeOffset AskedAt, string State,
    string? DecidedBy, DateTimeOffset? DecidedAt, bool DecidedAlone, string? DecidedReason, DateTimeOffset? EndedAt,
    string? EndedBy, string? WhoMay = null, bool YouMay = false, bool YouAsked = false)
{
    internal const string Waiting = "waiting", InForce = "in force", Declined = "declined", Ended = "ended";

    /// <summary>By which records name what it gives and ends.</summary>
    [JsonIgnore]
    internal string Source => SourceOf(Name);

    [JsonIgnore] internal Actor Asker { get; init; } = Actor.Guerdon;

    [JsonIgnore] internal Actor? Decider { get; init; }

    /// <summary>Encrypted.</summary>
    [JsonIgnore] internal byte[]? Secret { get; init; }

    [JsonIgnore] internal bool IsWaiting => State == Waiting;

    [JsonIgnore]
    internal Asked Asked => new(
        Asker, $"{Asker.Name} asked for the sign-in provider {Name}", $"{Asker.Name}, who asked for it")
    {
        Permission = Permissions.SsoWrite, Beneficiaries = [], LoneAllowed = true,
    };

    internal static string SourceOf(string name) => $"openid {name}";

    // A record prints its members; what is encrypted need not be in a log either.
    public override string ToString() => $"{Id} {Name} {Issuer}";
}
