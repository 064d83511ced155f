using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.External;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.SignIn;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Guerdon.Passkeys.Ceremonies;

/// <summary>Somebody who is signed in uses a passkey of theirs, before they approve money.</summary>
internal static class ConfirmByPasskey
{
    public const string Path = ConfirmForm.Path + "/passkey";

    /// <summary>What the handler needs.</summary>
    internal sealed record Needs(
        PasskeyAnswers Answers, ExternalSessions Sessions, NpgsqlDataSource Db, SignInPages Pages, TimeProvider Clock);

    public static async Task<IResult> Ask(HttpContext http, PasskeyAnswers answers, AccountDirectory accounts) =>
        OpenSessions.IdOf(http.User) is not null && Access.AccountOf(http.User) is { } caller
            && await accounts.FindAsync(new AccountId(caller), http.RequestAborted) is { } account
            ? await answers.AskAsync(http, Ceremony.Confirm, account) : NoSession();

    public static async Task<IResult> Handle(
        [FromForm] string? credential, [FromForm] string? returnUrl, HttpContext http, [AsParameters] Needs needs)
    {
        var back = ExternalSessions.Back(returnUrl);
        if (OpenSessions.IdOf(http.User) is not { } session || Access.AccountOf(http.User) is not { } caller)
            return NoSession();
        var answer = await needs.Answers.CheckAsync(http, Ceremony.Confirm, credential);
        if (answer.Status != StatusCodes.Status200OK) return Refused(http, needs.Pages, answer, answer.Status, back);
        if (answer.Account!.Id.Value != caller) // somebody else has signed in with this browser meanwhile
            return Refused(http, needs.Pages, answer, StatusCodes.Status401Unauthorized, back);

        var (use, renewed) = await ConfirmAsync(needs, session, answer, http.RequestAborted);
        switch (use)
        {
            case PasskeyAnswers.Use.Taken:
                await ExternalSessions.GiveAsync(http, renewed!);
                return new SeeOther(back);
            case PasskeyAnswers.Use.WentBack:
                await needs.Answers.WarnAsync(answer, http.RequestAborted);
                return Refused(http, needs.Pages, answer, StatusCodes.Status409Conflict, back);
            default:
                return Refused(http, needs.Pages, answer, StatusCodes.Status401Unauthorized, back);
        }
    }

    /// <summary>Shows the page again, where it stood open too long.</summary>
    internal static IResult Again(HttpContext http) =>
        new SeeOther(ConfirmForm.AddressFor("/") + $"&why={SignInFault.Stale}");

    private static async Task<(PasskeyAnswers.Use Use, OpenedSession? Renewed)> ConfirmAsync(
        Needs needs, SessionId session, PasskeyAnswers.Outcome answer, CancellationToken ct)
    {
        await using var connection = await needs.Db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        if (!await ExternalSessions.HoldAsync(connection, answer.Account!.Id, session, ct))
            return (PasskeyAnswers.Use.Gone, null);
        var use = await needs.Answers.UseAsync(connection, answer, ct);
        if (use != PasskeyAnswers.Use.Taken) return (use, null);
        var renewed = await needs.Sessions.ConfirmAsync(connection, session, needs.Clock.GetUtcNow(), ct);
        if (renewed is null) return (PasskeyAnswers.Use.Gone, null); // no browser's
        await transaction.CommitAsync(ct);
        return (use, renewed);
    }

    private static IResult Refused(
        HttpContext http, SignInPages pages, PasskeyAnswers.Outcome answer, int status, string back)
    {
        if (!pages.AreWanted(http)) return PasskeyAnswers.Refusal(http, status, answer.Wait);
        RefusedForm.Say(http, status);
        return new SeeOther(ConfirmForm.AddressFor(back) + "&why=" + status switch
        {
            StatusCodes.Status429TooManyRequests => SignInFault.TooMany,
            StatusCodes.Status409Conflict => SignInFault.Copied,
            _ => SignInFault.Passkey,
        });
    }

    private static ProblemHttpResult NoSession() =>
        PasskeysRefusals.NoSession.ToProblem("Only a session can be confirmed.");
}
