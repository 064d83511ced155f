using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Notices;

/// <summary>The module's one door: every route it serves.</summary>
public static class NoticesModule
{
    public static void MapNotices(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/v1/people/{personOrEmail}").RequireAuthorization(Access.SignedIn)
            .WithTags("Pay");
        own.MapGet("/notices", GetNotices.Handle);
        own.MapPost("/notices/seen", SeeNotices.Handle);
    }
}
