using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Identity.Audit;

/// <summary>Metadata of an endpoint that anybody may call and whose calls are acts all the same: sign-in.</summary>
internal sealed class Watched
{
    public static readonly Watched Mark = new();
}

/// <summary>
/// Notes what each request does, once who sent it is known and before anything may refuse it. One that may change
/// something is the act of all transactions that it leads to; what those did not note is noted when it has ended. The
/// gateway's calls do not come here: of them only those without a good key count (<see cref="WrongKeys"/>).
/// </summary>
internal static class ActWatch
{
    public static async Task Follow(HttpContext context, RequestDelegate next)
    {
        if (!MayChange(context))
        {
            await ReadAsync(context, next);
            return;
        }

        var act = Act(context);
        context.Items[typeof(RequestAct)] = act;
        var faulted = true;
        try
        {
            using (Acting.As(act)) await next(context);
            faulted = false;
        }
        finally
        {
            await EndAsync(context, act, faulted);
        }

        if (LookedAt.Of(context) is { } whom) Look(context, whom); // a preview shows figures too
    }

    private static async Task ReadAsync(HttpContext context, RequestDelegate next)
    {
        var ended = false;
        try
        {
            await next(context);
            ended = true;
        }
        finally
        {
            // Also where whoever asked went away before the end: what was sent by then may have been read.
            if ((ended || context.Response.HasStarted) && Act(context).LooksAt() is { } whom) Look(context, whom);
        }

        if (IsRefusal(context.Response.StatusCode)) await EndAsync(context, Act(context), false);
    }

    /// <summary>Says what came of a try to sign in.</summary>
    public static void Say(HttpContext context, SignInTry tried)
    {
        if (Of(context) is { } act) act.SignIn = tried;
    }

    /// <summary>The act that a request is; null: it changes nothing.</summary>
    internal static RequestAct? Of(HttpContext context) => context.Items[typeof(RequestAct)] as RequestAct;

    /// <summary>Says that nothing came of it yet, and that it is asked again.</summary>
    public static void SayWaits(HttpContext context)
    {
        if (Of(context) is { } act) act.IsWaiting = true;
    }

    // Counted in memory, and written each minute: whoever reads does not wait for it.
    private static void Look(HttpContext context, string whom)
    {
        if (context.Response.StatusCode >= StatusCodes.Status300MultipleChoices) return; // nothing was shown
        context.RequestServices.GetRequiredService<ActLog>().Add(
            Act(context).Row() with { Kind = ActKinds.Looked, Status = context.Response.StatusCode }, whom);
    }

    private static RequestAct Act(HttpContext context) =>
        new(context, context.RequestServices.GetRequiredService<TimeProvider>());

    private static bool IsRefusal(int status) =>
        status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden;

    private static bool MayChange(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint) return false;
        // Also a GET: a provider sends somebody back by one.
        if (endpoint.Metadata.GetMetadata<Watched>() is not null) return true;
        var method = context.Request.Method;
        return !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method)
            && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            && endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null;
    }

    private static Task EndAsync(HttpContext context, RequestAct act, bool faulted)
    {
        if (act.IsWaiting && !faulted) return Task.CompletedTask;
        var status = faulted
            ? StatusCodes.Status500InternalServerError : RefusedForm.Of(context) ?? context.Response.StatusCode;
        var row = act.Row() with { Status = status, Kind = KindOf(status) };
        if (act.SignIn is { } tried)
            row = row with
            {
                Status = tried.Status,
                Kind = tried.Status == StatusCodes.Status200OK ? ActKinds.SignedIn : KindOf(tried.Status),
            };
        return context.RequestServices.GetRequiredService<ActLog>()
            // A sign-in is a row of its own, also where it wrote something besides.
            .EndAsync(row, act.IsStamped && act.SignIn is null, act.SignIn?.Typed ?? "", CancellationToken.None);
    }

    private static string KindOf(int status) => status switch
    {
        < 400 => ActKinds.Answered,
        StatusCodes.Status429TooManyRequests => ActKinds.Throttled,
        < 500 => ActKinds.Refused,
        _ => ActKinds.Failed,
    };
}
