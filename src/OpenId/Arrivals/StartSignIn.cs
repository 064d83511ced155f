using System.Globalization;
using Guerdon.Identity.External;
using Guerdon.Identity.Sessions;
using Guerdon.OpenId.Wire;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Guerdon.OpenId.Arrivals;

/// <summary>Sends a browser to a provider: to sign in, or to show once more who somebody is before they approve money.
/// By a link and not by a form, since the security policy lets no form lead to another site.</summary>
internal static partial class StartSignIn
{
    /// <summary>What comes back with the state: the session that is to be confirmed, and when the sign-in began, in
    /// milliseconds since 1970.</summary>
    internal const string Confirms = "guerdon.confirms", AskedAt = "guerdon.asked";

    /// <summary>Only for whoever is on a page of ours, or typed the address: else a link of another site would sign
    /// somebody in whom the provider knows, without a press of theirs.</summary>
    /// <param name="provider">Its name.</param>
    /// <param name="returnUrl">Where to go on.</param>
    /// <param name="confirm">Whether the session that is open is to be confirmed.</param>
    /// <param name="http">The request.</param>
    /// <param name="starts">Counts them.</param>
    /// <param name="providers">All in force.</param>
    /// <param name="logs">Where a provider that is away is logged.</param>
    internal static async Task<IResult> Handle(
        string provider, string? returnUrl, bool? confirm, HttpContext http, SignInStarts starts,
        LiveProviders providers, ILogger<SignInStarts> logs)
    {
        if (starts.Take(http.Connection.RemoteIpAddress) is not null)
            return ArrivalAnswers.Problem(http, provider, ArrivalFault.TooMany);
        if (providers.Find(provider) is not { } live)
            return ArrivalAnswers.Problem(http, provider, ArrivalFault.Gone);
        if (http.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
            return ArrivalAnswers.Problem(http, provider, ArrivalFault.Elsewhere);

        var properties = new AuthenticationProperties { RedirectUri = ExternalSessions.Back(returnUrl) };
        properties.Items[AskedAt] = starts.Now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        if (confirm == true && OpenSessions.IdOf(http.User) is { } session)
        {
            properties.Items[Confirms] = $"{session}";
            properties.SetParameter(OpenIdConnectParameterNames.Prompt, "login");
            properties.SetParameter<TimeSpan?>(OpenIdConnectParameterNames.MaxAge, TimeSpan.Zero);
        }

        try
        {
            await live.LeaveAsync(http, properties);
            return Results.Empty;
        }
        catch (Exception e) when (ProviderMetadata.IsAway(e, http.RequestAborted) && !http.Response.HasStarted)
        {
            Log.Away(logs, live.Row.Name, e.GetType().Name, Arrival.Told(e));
            return ArrivalAnswers.Problem(http, provider, ArrivalFault.Away);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "The sign-in provider {Provider} cannot be used: {Type} {Code}")]
        public static partial void Away(ILogger log, string provider, string type, string code);
    }
}
