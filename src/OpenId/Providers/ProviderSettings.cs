using System.Net;
using System.Text.RegularExpressions;
using Guerdon.Kernel;

namespace Guerdon.OpenId.Providers;

/// <summary>The settings of a provider, as they are asked for; what is null stays as it is.</summary>
/// <param name="Issuer">As its tokens have it; HTTP on this machine only.</param>
/// <param name="ClientId">What it calls us.</param>
/// <param name="ClientSecret">By which it knows us; empty: none, for a public client.</param>
/// <param name="Label">On the button; of a new one, its name.</param>
/// <param name="Scopes">What it is asked for; of a new one openid, profile and email.</param>
/// <param name="Strangers">Whether somebody whom nobody knows is refused (so of a new one) or admitted.</param>
/// <param name="GroupClaim">Where it says groups; empty: nowhere.</param>
/// <param name="GroupRoles">Roles by group, all of them.</param>
public sealed record ProviderSettings(
    string? Issuer = null, string? ClientId = null, string? ClientSecret = null, string? Label = null,
    IReadOnlyList<string>? Scopes = null, string? Strangers = null, string? GroupClaim = null,
    IReadOnlyList<GroupRule>? GroupRoles = null)
{
    // A record prints its members; the secret must not end up in a log.
    public override string ToString() => $"{Issuer} {ClientId}";
}

/// <summary>What a provider's settings must be. Without I/O.</summary>
internal static partial class ProviderRules
{
    public const int MostProviders = 20;
    public const int MostGroups = 200;
    public const int MostSecretChars = 2_000;
    private const int MostLabelChars = 60, MostIssuerChars = 500, MostClientChars = 300, MostGroupChars = 200;

    private const string Google = "https://accounts.google.com";

    private static readonly string[] UsualScopes = ["openid", "profile", "email"];

    /// <summary>What a request makes of a provider, and what is wrong with that.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="asked">The request.</param>
    /// <param name="was">What is in force; null: nothing.</param>
    public static (ProviderSettings Settings, List<string> Wrong) Join(
        string name, ProviderSettings asked, SignInProvider? was)
    {
        var settings = new ProviderSettings(
            asked.Issuer?.Trim() ?? was?.Issuer ?? "", asked.ClientId?.Trim() ?? was?.ClientId ?? "",
            asked.ClientSecret?.Trim(), asked.Label?.Trim() ?? was?.Label ?? name,
            asked.Scopes ?? was?.Scopes ?? UsualScopes,
            asked.Strangers ?? was?.Strangers ?? Providers.Strangers.Refuse,
            (asked.GroupClaim ?? was?.GroupClaim)?.Trim() is { Length: > 0 } claim ? claim : null,
            asked.GroupRoles ?? was?.GroupRoles ?? []);
        return (
            settings, [.. WrongOfProvider(settings), .. WrongOfStrangers(settings), .. WrongOfGroups(settings)]);
    }

    /// <summary>Whether a provider can have this name.</summary>
    public static bool IsName(string? name) => name is not null && Name().IsMatch(name);

    /// <summary>Whether a text can be an issuer: HTTPS, or HTTP on this machine, without user, query or fragment.
    /// </summary>
    public static bool IsIssuer(string text) =>
        text.Length <= MostIssuerChars && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { UserInfo: "", Query: "", Fragment: "" } && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsLoopback(address)));

    /// <summary>Whether an address is this machine's, told by itself and not by a name that somebody resolves.
    /// </summary>
    public static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));

    private static IEnumerable<string> WrongOfProvider(ProviderSettings all)
    {
        if (!IsIssuer(all.Issuer!))
            yield return "The issuer must be an https address, or http on this machine, without a query.";
        if (!IsText(all.ClientId!, MostClientChars)) yield return "The client id must have 1 to 300 characters.";
        if (!IsText(all.Label!, MostLabelChars)) yield return "The label must have 1 to 60 characters.";
        if (all.ClientSecret is { Length: > 0 } secret
            && (secret.Length > MostSecretChars || secret.AsSpan().ContainsAnyExceptInRange(' ', '~')))
            yield return "The client secret must have at most 2,000 characters, all of them printable ASCII.";
        if (all.Scopes!.Count is 0 or > 20 || !all.Scopes.Contains("openid") || !all.Scopes.All(IsScope))
            yield return "Scopes are 1 to 20 words, and openid is one of them.";
    }

    private static IEnumerable<string> WrongOfStrangers(ProviderSettings all)
    {
        if (all.Strangers is not (Providers.Strangers.Refuse or Providers.Strangers.Admit))
            yield return "Strangers must be refuse or admit.";
        if (all is { Strangers: Providers.Strangers.Admit, Issuer: Google })
            yield return "Anybody can have a Google account: strangers are refused there.";
    }

    private static IEnumerable<string> WrongOfGroups(ProviderSettings all)
    {
        if (all.GroupClaim is { } claim && !IsText(claim, MostGroupChars))
            yield return "The claim of groups must have at most 200 characters.";
        if (all.GroupClaim is null && all.GroupRoles!.Count > 0)
            yield return "Roles by group need the claim in which groups are said.";
        if (all.GroupRoles!.Count > MostGroups) yield return $"There are more than {MostGroups} groups.";
        if (all.GroupRoles.DistinctBy(rule => rule?.Group).Count() < all.GroupRoles.Count)
            yield return "Each group is named once.";
        foreach (var rule in all.GroupRoles.Take(MostGroups))
            if (!IsRule(rule))
                yield return $"Group '{Wording.Shortened(rule?.Group ?? "")}' needs a name of at most 200 characters "
                    + $"and roles of: {string.Join(", ", Roles.Names)}.";
    }

    private static bool IsRule(GroupRule? rule) =>
        rule?.Group is { } group && IsText(group, MostGroupChars) && rule.Roles is { Count: > 0 } roles
        && roles.All(Roles.IsKnown);

    private static bool IsText(string text, int most) =>
        text.Length > 0 && text.Length <= most && !text.Any(char.IsControl) && InputText.Fault(text) is null;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex Name();

    private static bool IsScope(string? text) => text is not null && Scope().IsMatch(text);

    [GeneratedRegex(@"\A[!#-\[\]-~]{1,200}\z")]
    private static partial Regex Scope();
}
