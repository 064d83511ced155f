using Guerdon.Identity.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Identity.Audit;

/// <summary>Before an endpoint of one account: whichever way its address names that, the act has the account's id.
/// </summary>
internal static class AccountSubject
{
    /// <summary>The parts of addresses that name an account.</summary>
    private static readonly string[] Keys = ["account", "emailOrAccount"];

    public static async ValueTask<object?> NoteAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (ActWatch.Of(http) is { } act)
            foreach (var key in Keys)
                if (http.Request.RouteValues[key] is string named
                    && (await http.RequestServices.GetRequiredService<AccountDirectory>().NamedAsync(
                        named, http.RequestAborted)).Is(out var account, out _)) act.Names(key, account.Id);
        return await next(context);
    }
}
