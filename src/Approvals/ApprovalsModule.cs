using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Approvals;

/// <summary>Registers the rules of who may decide, and the inbox.</summary>
public static class ApprovalsModule
{
    /// <summary>Every module with decisions asks for it; repeating it changes nothing.</summary>
    public static void AddApprovals(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApprovalOptions>().BindConfiguration(ApprovalOptions.Section);
        builder.Services.TryAddSingleton<FourEyes>();
        builder.Services.TryAddSingleton<InboxCounts>();
        builder.Services.TryAddScoped<Inbox>();
    }

    public static void MapApprovals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/approvals", ListApprovals.Handle).RequireAuthorization(Permissions.InboxRead)
            .WithTags("Approvals");
}
