using System.Globalization;
using Guerdon.Identity.External;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guerdon.OpenId.Arrivals;

/// <summary>Takes a browser that a provider sent back: it gets a session, or the page that says why not.</summary>
internal static partial class FinishSignIn
{
    /// <summary>What it takes to let somebody in.</summary>
    internal sealed record Door(
        LiveProviders Providers, Admission Admission, ExternalSessions Sessions, ExternalRoles Roles,
        BegunSessions Begun, SignInStarts Starts, TimeProvider Clock, ILogger<Admission> Log);

    /// <summary>In this order: 1 what the framework's handler checks: state, browser, code, signature, issuer,
    /// audience, times, nonce; 2 what it leaves to us; 3 whose account it is; 4 roles and session.</summary>
    internal static async Task<IResult> Handle(string provider, HttpContext http, [AsParameters] Door door)
    {
        if (door.Starts.TakeEnd(http.Connection.RemoteIpAddress) is not null)
            return No(http, provider, ArrivalFault.TooMany);
        if (door.Providers.Find(provider) is not { } live) return No(http, provider, ArrivalFault.Gone);
        var arrival = await live.ReceiveAsync(http); // 1
        if (arrival.Properties is not { } asked)
        {
            if (arrival.Failure is { } e)
                Log.Refused(
                    door.Log, provider, arrival.Why, e.GetType().Name, Wording.Shortened(e.Message, 300));
            return No(http, provider, arrival.Why);
        }

        var claims = ProviderClaims.Of(arrival.IdToken, arrival.UserInfo, live.Row.GroupClaim); // 2
        if (claims?.IssuedAt is not { } issued || issued > door.Clock.GetUtcNow() + LiveProvider.ClockSkew)
            return No(http, provider, ArrivalFault.Untrusted, claims?.Email);
        if (asked.Items.TryGetValue(StartSignIn.Confirms, out var session))
            return await ConfirmAsync(http, live.Row, claims, arrival, session, door);

        var verdict = await door.Admission.OfAsync( // 3
            live.Row, claims, known => ExternalSessions.Say(http, known.Email, known, StatusCodes.Status200OK),
            http.RequestAborted);
        if (verdict is not { Account: { } account, Why: null })
            return No(http, provider, verdict.Why!, verdict.Account?.Email ?? claims.Email);

        if (GroupRules.RolesOf(live.Row, claims.Groups, account) is { } roles) // 4
            await door.Roles.SetAsync(
                account.Id, live.Row.Source, roles, live.Row.Decider?.Name, http.RequestAborted);
        var confirmedAt = claims.ShownAt is { } shown && shown <= door.Clock.GetUtcNow()
            ? shown : ExternalSessions.NotConfirmed;
        if (!await door.Sessions.BeginAsync(http, account, confirmedAt, (at, id, ct) =>
            door.Begun.AddAsync(at, id, live.Row.Id, claims, arrival.IdToken, ct)))
            return No(http, provider, ArrivalFault.Gone, account.Email);
        return ArrivalAnswers.SeeOther(
            http, ExternalSessions.FirstPage(account, ExternalSessions.Back(arrival.ReturnUrl)));
    }

    // The same person, in the same browser and session, who has shown the provider who they are since we asked.
    private static async Task<IResult> ConfirmAsync(
        HttpContext http, SignInProvider provider, ProviderClaims claims, Arrival arrival, string? session, Door door)
    {
        var ct = http.RequestAborted;
        var isSame = OpenSessions.IdOf(http.User) is { } here && $"{here}" == session
            && await door.Begun.FindAsync(here, ct) is { } begun
            && begun.Issuer == provider.Issuer && begun.Subject == claims.Subject;
        var since = long.Parse(arrival.Properties!.Items[StartSignIn.AskedAt]!, CultureInfo.InvariantCulture);
        if (!isSame || claims.ShownAt is not { } shown
            || (shown + LiveProvider.ClockSkew).ToUnixTimeSeconds() < since)
            return No(http, provider.Name, ArrivalFault.NotConfirmed, claims.Email);
        await door.Sessions.ConfirmAsync(OpenSessions.IdOf(http.User)!.Value, ct);
        return ArrivalAnswers.SeeOther(http, ExternalSessions.Back(arrival.ReturnUrl));
    }

    private static IResult No(HttpContext http, string provider, string why, string? email = null)
    {
        ExternalSessions.Say(http, email ?? "", null, StatusOf(why));
        return ArrivalAnswers.Problem(http, provider, why);
    }

    // Of the record of acts; the browser gets 303 and a page.
    private static int StatusOf(string why) => why switch
    {
        ArrivalFault.Unknown or ArrivalFault.Over or ArrivalFault.Taken or ArrivalFault.Unverified =>
            StatusCodes.Status403Forbidden,
        ArrivalFault.TooMany => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status401Unauthorized,
    };

    private static partial class Log
    {
        // Never the address or the code: the framework's texts name what is wrong with a token, not whose it is.
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Nobody was signed in with {Provider}, {Why}: {Type}: {Reason}")]
        public static partial void Refused(ILogger log, string provider, string why, string type, string reason);
    }
}
