using Guerdon.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Identity.Sessions;

/// <summary>
/// Money is approved by somebody who has signed in within the last minutes, and never by a token alone: a stolen token,
/// or a screen that was left, approves nothing. Which endpoints approve money follows from their permission
/// (<see cref="PermissionLine.ApprovesMoney"/>), so that none can be forgotten.
/// </summary>
internal static class StepUp
{
    /// <summary>After authorization, so that whoever may not do it at all is told that.</summary>
    public static Task Refuse(HttpContext http, RequestDelegate next)
    {
        if (!Needs(http.GetEndpoint())) return next(http);
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        if (Access.IsConfirmed(http.User, now)) return next(http);
        var what = http.GetEndpoint()!.Metadata.GetMetadata<StepUpMark>()?.What ?? "This approves money";
        var why = OpenSessions.IdOf(http.User) is null
            ? $"{what}, which a token alone does not do."
            : $"{what}, and your last sign-in is more than {Access.ConfirmedFor.TotalMinutes:0} minutes ago.";
        return RefusalForm.Of(http, IdentityRefusals.StepUp.With(why)).ExecuteAsync(http);
    }

    /// <summary>Whether an endpoint approves money, or needs a recent sign-in for another reason.</summary>
    public static bool Needs(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<StepUpMark>() is not null
        || endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>()
            .Any(data => Access.ApprovesMoney(data.Policy)) == true;
}

/// <summary>Metadata of an endpoint that approves no money, and needs a recent sign-in all the same.</summary>
/// <param name="What">What it does, as a refusal begins.</param>
internal sealed record StepUpMark(string What);
