using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.SignIn;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Logins;

/// <summary>How a command line gets a session: confirmed in a browser, or by a password.</summary>
internal static class CommandLineLogin
{
    /// <summary>The page on which somebody confirms.</summary>
    public const string Page = "/login";

    /// <param name="Device">The command line's secret, to ask with; shown to nobody.</param>
    /// <param name="Code">What the person types or compares, as <c>BCDF-GHJK</c>.</param>
    /// <param name="Address">Where they go.</param>
    /// <param name="AddressWithCode">The same, with the code in it.</param>
    /// <param name="EndsInSeconds">How long they have.</param>
    /// <param name="IntervalSeconds">How long to wait between two questions.</param>
    public sealed record BegunReply(
        string Device, string Code, string Address, string AddressWithCode, int EndsInSeconds, int IntervalSeconds);

    /// <param name="Device">From the reply that began it.</param>
    public sealed record PollRequest(string? Device);

    /// <param name="Email">Of the account, in any case.</param>
    /// <param name="Password">Never stored.</param>
    public sealed record PasswordRequest(string? Email, string? Password);

    /// <param name="Id">The session, to end it by.</param>
    /// <param name="Secret">To be sent as <c>Authorization: Bearer grs_…</c>; shown this once.</param>
    /// <param name="Email">Of the account that is signed in.</param>
    /// <param name="EndsAt">When it ends; before that if it is not used.</param>
    public sealed record SignedIn(SessionId Id, string Secret, string Email, DateTimeOffset EndsAt);

    public static async Task<Results<Ok<BegunReply>, ProblemHttpResult>> Begin(
        HttpContext http, LoginRequests logins, CancellationToken ct)
    {
        if (await logins.BeginAsync(
            OpenSessions.FromOf(http, SessionKind.CommandLine), http.Connection.RemoteIpAddress, ct) is not { } begun)
            return IdentityRefusals.LoginTooMany.ToProblem("Too many logins wait to be confirmed.");
        var page = PublicAddress.Of(http) + Page;
        return TypedResults.Ok(new BegunReply(
            begun.Device, begun.Code, page, $"{page}?code={begun.Code}", (int)LoginRequests.LastsFor.TotalSeconds,
            (int)LoginRequests.AskEvery.TotalSeconds));
    }

    public static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> Poll(
        PollRequest request, HttpContext http, LoginRequests logins, AccountDirectory accounts, CancellationToken ct)
    {
        var answer = await logins.AskAsync(request.Device ?? "", http.Connection.RemoteIpAddress, ct);
        if (!answer.Is(out var given, out var no))
        {
            if (no.Refusal == IdentityRefusals.LoginPending) ActWatch.SayWaits(http);
            if (no.Refusal == IdentityRefusals.LoginSlowDown)
                ActWatch.Say(http, new("", null, StatusCodes.Status429TooManyRequests));
            return no.ToProblem();
        }

        // The session is there, whether or not the command line waits for it.
        var account = await accounts.FindAsync(given.Account, CancellationToken.None);
        ActWatch.Say(http, new("", account, StatusCodes.Status200OK));
        return TypedResults.Ok(
            new SignedIn(given.Opened.Id, given.Opened.Secret, account?.Email ?? "", given.Opened.EndsAt));
    }

    public static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> ByPassword(
        PasswordRequest request, HttpContext http, PasswordSignIn signIn, OpenSessions sessions)
    {
        var email = request.Email?.Trim() ?? "";
        var outcome = await signIn.TryAsync(http, email, request.Password ?? "");
        ActWatch.Say(http, new(email, outcome.Account, outcome.Status));
        switch (outcome.Status)
        {
            case StatusCodes.Status400BadRequest:
                return IdentityRefusals.SignInTooLong.ToProblem("The e-mail or the password is too long.");
            case StatusCodes.Status403Forbidden:
                return IdentityRefusals.AccountOver.ToProblem(Problems.WhyOver(outcome.Account!));
            case StatusCodes.Status429TooManyRequests:
                RetryAfter.Say(http, outcome.Wait);
                return IdentityRefusals.SignInTooMany.ToProblem("Too many tries.");
        }

        if (outcome.Account is not { } account || await sessions.OpenAsync(
            account, OpenSessions.FromOf(http, SessionKind.CommandLine), http.RequestAborted) is not { } opened)
        {
            // Also where it was changed at that moment.
            ActWatch.Say(http, new(email, null, StatusCodes.Status401Unauthorized));
            return IdentityRefusals.SignInWrong.ToProblem("This e-mail and password do not belong together.");
        }

        return TypedResults.Ok(new SignedIn(opened.Id, opened.Secret, account.Email, opened.EndsAt));
    }
}
