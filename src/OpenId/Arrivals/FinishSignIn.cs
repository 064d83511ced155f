using System.Globalization;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.External;
using Guerdon.Identity.Sessions;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.OpenId.Arrivals;

/// <summary>Takes a browser that a provider sent back: it gets a session, or the page that says why not.</summary>
internal static partial class FinishSignIn
{
    /// <summary>What it takes to let somebody in.</summary>
    internal sealed record Door(
        LiveProviders Providers, Admission Admission, ExternalSessions Sessions, ExternalRoles Roles,
        BegunSessions Begun, SignInStarts Starts, ILogger<Admission> Log);

    /// <summary>In this order: 1 what the framework's handler checks: state, browser, code, signature, issuer,
    /// audience, times, nonce; 2 what it leaves to us; 3 whose account it is; 4 session and roles.</summary>
    internal static async Task<IResult> Handle(string provider, HttpContext http, [AsParameters] Door door)
    {
        if (door.Starts.TakeEnd(http.Connection.RemoteIpAddress) is not null)
            return No(http, provider, ArrivalFault.TooMany);
        if (door.Providers.Find(provider) is not { } live) return No(http, provider, ArrivalFault.Gone);
        var arrival = await live.ReceiveAsync(http); // 1
        if (arrival.Properties is not { } asked)
        {
            if (arrival.Failure is { } e)
                Log.Refused(door.Log, provider, arrival.Why, e.GetType().Name, Arrival.Told(e));
            return No(http, provider, arrival.Why);
        }

        var claims = ProviderClaims.Of(arrival.IdToken, arrival.UserInfo, live.Row.GroupClaim); // 2
        if (claims?.IssuedAt is not { } issued || issued > door.Starts.Now + LiveProvider.ClockSkew)
            return No(http, provider, ArrivalFault.Untrusted, claims?.Email);
        if (asked.Items.TryGetValue(StartSignIn.Confirms, out var session))
            return await ConfirmAsync(http, live.Row, claims, arrival, session, door);

        var verdict = await door.Admission.OfAsync( // 3
            live.Row, claims, found => ExternalSessions.Say(
                http, found.Email, found, StatusCodes.Status401Unauthorized), http.RequestAborted);
        if (verdict is not { Account: { } account, Why: null })
            return No(http, provider, verdict.Why!, verdict.Account?.Email ?? claims.Email);

        if (!await BeginAsync(http, live.Row, claims, arrival, account, door)) // 4
            return No(
                http, provider, door.Providers.Find(provider) is null ? ArrivalFault.Gone : ArrivalFault.Ended,
                account.Email);
        ExternalSessions.Say(http, account.Email, account, StatusCodes.Status200OK);
        return ArrivalAnswers.SeeOther(
            http, ExternalSessions.FirstPage(account, ExternalSessions.Back(arrival.ReturnUrl)));
    }

    // Session and roles in one commit, while the provider is in force: else roles could outlive it.
    private static Task<bool> BeginAsync(
        HttpContext http, SignInProvider provider, ProviderClaims claims, Arrival arrival, Account account, Door door)
    {
        return door.Sessions.BeginAsync(
            http, account, ShownAt(claims, door) ?? ExternalSessions.NotConfirmed, LockAsync, WriteAsync);

        async Task LockAsync(NpgsqlConnection at, CancellationToken ct)
        {
            await ExternalRoles.LockAsync(at, ct);
            await BegunSessions.LockAsync(at, claims.Sid, claims.Subject, ct);
        }

        async Task<bool> WriteAsync(NpgsqlConnection at, SessionId id, CancellationToken ct)
        {
            if (!await door.Begun.AddAsync(
                at, id, provider.Id, claims, arrival.IdToken, BegunAt(arrival), ct)) return false;
            if (GroupRules.RolesOf(provider, claims.Groups) is { } roles)
            {
                var hadASay = await GroupRules.HadASayAsync(provider, account, door.Roles.EyesAt(at), ct);
                await door.Roles.SetAsync(
                    at, account.Id, provider.Source, roles, new(provider.Decider?.Name, !hadASay), ct);
            }

            return true;
        }
    }

    // Null where the provider does not say it, or says a time to come; never later than now.
    private static DateTimeOffset? ShownAt(ProviderClaims claims, Door door)
    {
        var now = door.Starts.Now;
        return claims.ShownAt is { } shown && shown <= now + LiveProvider.ClockSkew
            ? shown < now ? shown : now : null;
    }

    // The same person, in the same browser and session, who has shown the provider who they are since we asked.
    private static async Task<IResult> ConfirmAsync(
        HttpContext http, SignInProvider provider, ProviderClaims claims, Arrival arrival, string? session, Door door)
    {
        var ct = http.RequestAborted;
        var isSame = OpenSessions.IdOf(http.User) is { } here && $"{here}" == session
            && await door.Begun.FindAsync(here, ct) is { } begun
            && begun.Issuer == provider.Issuer && begun.Subject == claims.Subject;
        if (!isSame || ShownAt(claims, door) is not { } shown || shown + LiveProvider.ClockSkew < BegunAt(arrival))
            return No(http, provider.Name, ArrivalFault.NotConfirmed, claims.Email);
        var id = OpenSessions.IdOf(http.User)!.Value;
        OpenedSession? renewed = null;
        var moved = await door.Begun.MoveAsync(
            id, provider.Issuer, claims, BegunAt(arrival),
            async (at, stop) => renewed = await door.Sessions.ConfirmAsync(at, id, shown, stop), ct);
        if (!moved || renewed is null) return No(http, provider.Name, ArrivalFault.Ended, claims.Email);
        await ExternalSessions.GiveAsync(http, renewed);
        return ArrivalAnswers.SeeOther(http, ExternalSessions.Back(arrival.ReturnUrl));
    }

    // By our clock.
    private static DateTimeOffset BegunAt(Arrival arrival) => DateTimeOffset.UnixEpoch.AddMilliseconds(
        long.Parse(arrival.Properties!.Items[StartSignIn.AskedAt]!, CultureInfo.InvariantCulture));

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
        // Nothing that came with the answer, since whoever sent it chose the words.
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Nobody was signed in with {Provider}, {Why}: {Type} {Code}")]
        public static partial void Refused(ILogger log, string provider, string why, string type, string code);
    }
}
