using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.Accounts;

/// <summary>Refusals of the pipeline itself, which no endpoint gets to write.</summary>
internal static class Problems
{
    private static readonly object Over = new();

    public static Task NotSignedInAsync(HttpContext context) => SayAsync(context, context.Items[Over] is Account account
        ? IdentityRefusals.AccountOver.With(WhyOver(account))
        : IdentityRefusals.NotSignedIn.With("This needs a signed-in account."));

    /// <summary>Whose session or token was refused since they have left, so that the answer can say so.</summary>
    public static void NoteOver(HttpContext context, Account account) => context.Items[Over] = account;

    /// <summary>Why an account opens nothing any more, in words.</summary>
    public static string WhyOver(Account account) => account switch
    {
        { ClosedAt: { } closed } => $"This account was closed on {Wording.Utc(closed)}.",
        { AccessEndedAt: { } at } when AccessEnd.Of(account.LastDay, at) == at =>
            $"The company's directory ended this account's access on {Wording.Utc(at)}.",
        _ => $"This account ended with the last day of employment, {account.LastDay:yyyy-MM-dd} (UTC).",
    };

    /// <summary>Why nobody signs in with an account, in words.</summary>
    public static string WhyNobodys(Account account) =>
        $"Nobody has set a password of {account.Email} yet, or signs in with it by a provider in force.";

    public static Task NotAllowedAsync(HttpContext context) => SayAsync(context, IdentityRefusals.NotAllowed.With(
        $"{context.Request.Method} {context.Request.Path} is not for this account."));

    private static Task SayAsync(HttpContext context, Refused refused) =>
        RefusalForm.Of(context, refused).ExecuteAsync(context);
}
