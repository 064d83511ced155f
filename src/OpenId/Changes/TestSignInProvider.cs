using Guerdon.Kernel;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.OpenId.Changes;

/// <summary>Asks a provider what it says of itself, before somebody approves it or wonders why nobody gets in.
/// </summary>
internal static class TestSignInProvider
{
    /// <param name="Issuer">As it says itself.</param>
    /// <param name="State">Of the settings that were tested.</param>
    /// <param name="Keys">How many keys it signs with.</param>
    /// <param name="PushesRequests">Whether it takes pushed authorization requests.</param>
    /// <param name="SaysLogouts">Whether it tells us when somebody signs out there.</param>
    /// <param name="TakesSignOut">Whether somebody can be sent there to sign out.</param>
    /// <param name="RedirectAddress">What it must know as our address to send people back to.</param>
    /// <param name="LogoutAddress">What it must know as our address for logouts.</param>
    public sealed record Reply(
        string Issuer, string State, int Keys, bool PushesRequests, bool SaysLogouts, bool TakesSignOut,
        string RedirectAddress, string LogoutAddress);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string name, HttpContext http, ProviderRequests requests, LiveProviders providers, CancellationToken ct)
    {
        if (await requests.FindAsync(name, ct) is not { } row)
            return OpenIdRefusals.NotFound.ToProblem($"There is no provider '{Wording.Shortened(name)}'.");
        using var live = providers.Make(row);
        try
        {
            var says = await live.Metadata.GetConfigurationAsync(ct);
            var own = $"{http.Request.Scheme}://{http.Request.Host.ToUriComponent()}{LiveProvider.Path}/{row.Name}";
            return TypedResults.Ok(new Reply(
                says.Issuer, row.State, says.SigningKeys.Count,
                !string.IsNullOrEmpty(says.PushedAuthorizationRequestEndpoint),
                says.AdditionalData.TryGetValue("backchannel_logout_supported", out var told) && told is true,
                !string.IsNullOrEmpty(says.EndSessionEndpoint), $"{own}/back", $"{own}/logout"));
        }
        catch (Exception e) when (ProviderMetadata.IsAway(e, ct))
        {
            return OpenIdRefusals.Unusable.ToProblem(
                $"{row.Issuer} cannot be used: {Wording.Sentence(Wording.Shortened((e.InnerException ?? e).Message))}");
        }
    }
}
