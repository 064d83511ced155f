using System.Collections.Frozen;
using System.Net;
using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Identity.Audit;

/// <summary>A try to sign in.</summary>
/// <param name="Typed">The address, whether or not there is an account of it.</param>
/// <param name="Account">Whose it is, where the password was right.</param>
/// <param name="Status">200: signed in; else why not.</param>
internal sealed record SignInTry(string Typed, Account? Account, int Status);

/// <summary>A request, as an act of whoever sent it. Who that is may be known only once the request is under way.
/// </summary>
internal sealed class RequestAct(HttpContext http, TimeProvider clock) : Act
{
    private const int MostSubjectChars = 80; // of each value in an address
    private const string FormName = "_handler"; // of the framework

    // Parts of addresses that open something, or that may have been taken for what does.
    private static readonly FrozenSet<string> SecretKeys =
        FrozenSet.ToFrozenSet(["secret", "token", "code"], StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, AccountId> _accounts = []; // as many as an address has parts

    private readonly Guid _request = Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>Whether a transaction began that may have its row.</summary>
    public bool IsStamped { get; private set; }

    /// <summary>Set by each way to sign in.</summary>
    public SignInTry? SignIn { get; set; }

    /// <summary>Says which account a part of the address names: its e-mail is handed on, and the id is not.</summary>
    public void Names(string key, AccountId account) => _accounts[key] = account;

    /// <summary>Whether it is a question that waits for its answer: it is asked again within seconds, and no act.
    /// </summary>
    public bool IsWaiting { get; set; }

    public override ActStamp Stamp()
    {
        IsStamped = true;
        return Row().Stamp();
    }

    /// <summary>Whose figures it reads, as whoever answers said or the address names them; empty: everybody's; null:
    /// nobody's.</summary>
    public string? LooksAt()
    {
        if (http.User.Identity?.IsAuthenticated != true) return null;
        if (LookedAt.Of(http) is { } said) return said;
        foreach (var name in (string[])["personOrEmail", "Person", "wallet"])
            if (http.Request.RouteValues.TryGetValue(name, out var whom)) return $"{whom}";
        if (http.GetEndpoint()?.Metadata is not { } marks
            || marks.GetMetadata<IAuthorizeData>()?.Policy is not { } policy) return null;
        var isOfAll = policy.EndsWith(Access.OfAll, StringComparison.Ordinal);
        var permission = Permissions.Find(isOfAll ? policy[..^Access.OfAll.Length] : policy);
        if (permission is not { IsOfPersons: true }) return null;
        return isOfAll || (marks.GetMetadata<Access.ShowsOthersAttribute>() is not null
            && Access.ReachOf(http.User, permission.Name) > Reach.Own) ? "" : null;
    }

    /// <summary>What is known of it by now.</summary>
    public ActRow Row()
    {
        var caller = http.User;
        var known = caller.Identity?.IsAuthenticated == true;
        var (endpoint, permission) = Named();
        var row = new ActRow
        {
            RequestId = _request, At = clock.NowMicros(), Address = AddressOf(http.Connection.RemoteIpAddress),
            Endpoint = endpoint, Permission = permission, Subject = Subject(),
        };
        if (SignIn?.Account is { } account)
            return row with
            {
                Who = account.Email,
                AccountId = account.Id.Value,
                PersonId = account.PersonId,
                Means = "session",
                Roles = string.Join(' ', account.Roles),
            };
        if (!known) return row;
        var isToken = caller.Identity!.AuthenticationType == IdentityModule.TokenScheme;
        return row with
        {
            Who = Access.NameOf(caller),
            AccountId = Access.AccountOf(caller),
            PersonId = Access.PersonOf(caller),
            Means = isToken ? "token" : "session",
            MeansId = IdIn(caller.FindFirstValue(isToken ? TokenOwner.TokenClaim : Access.SessionClaim)),
            Roles = string.Join(' ', caller.FindAll(Access.RoleClaim).Select(claim => claim.Value)),
        };
    }

    private (string Endpoint, string Permission) Named()
    {
        var endpoint = http.GetEndpoint();
        var path = (endpoint as RouteEndpoint)?.RoutePattern.RawText is { } raw ? "/" + raw.Trim('/') : "";
        var policy = endpoint?.Metadata.GetMetadata<IAuthorizeData>()?.Policy ?? "";
        if (policy.EndsWith(Access.OfAll, StringComparison.Ordinal)) policy = policy[..^Access.OfAll.Length];
        // Of pages alone. Of a form without its token the framework does not even let its type be asked; one that
        // nobody has read is not read here.
        if (endpoint?.Metadata.GetMetadata<FormNeedsAttribute>() is null || !HttpMethods.IsPost(http.Request.Method)
            || http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true }
            || !http.Request.HasFormContentType
            || http.Features.Get<IFormFeature>()?.Form is not { } form
            || form[FormName].ToString() is not { Length: > 0 } name)
            return ($"{http.Request.Method} {path}", policy);

        // Only names that the page knows, since a browser can send any.
        var need = FormNeedsAttribute.Of(http, name);
        var shown = need is null ? "unknown" : Shortened(name.Split(' ')[0]);
        return ($"form {shown} of {path}", need?.Permission ?? policy);
    }

    private string Subject() => string.Join(", ", http.Request.RouteValues
        .Where(value => value.Value is not null && value.Key is not "page")
        .Select(value => $"{value.Key}={Noted(value.Key, $"{value.Value}")}"));

    // What may be a secret is not written, wherever it is in an address, unless it is an id, which is none.
    private string Noted(string key, string value) =>
        _accounts.TryGetValue(key, out var account) ? $"{account}"
        : !SecretNames.IsId(value) && (SecretKeys.Contains(key) || SecretNames.MayBeSecret(value)) ? "…"
        : Shortened(value);

    private static string Shortened(string text) => text.Length <= MostSubjectChars ? text : text[..MostSubjectChars];

    private static string AddressOf(IPAddress? from) =>
        from is { IsIPv4MappedToIPv6: true } ? $"{from.MapToIPv4()}" : $"{from}";

    private static Guid? IdIn(string? text) =>
        text is not null && Guid.TryParseExact(text.Split('_')[^1], "N", out var id) ? id : null;
}
