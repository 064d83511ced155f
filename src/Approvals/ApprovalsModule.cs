using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Guerdon.Approvals;

/// <summary>Registers the rules of who may decide, the inbox, and proposals of inputs of payments.</summary>
public static class ApprovalsModule
{
    /// <summary>Every module with decisions asks for it; repeating it changes nothing.</summary>
    public static void AddApprovals(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApprovalOptions>().BindConfiguration(ApprovalOptions.Section);
        builder.Services.TryAddSingleton<FourEyes>();
        builder.Services.TryAddSingleton<InboxCounts>();
        builder.Services.TryAddSingleton<InputProposals>();
        builder.Services.TryAddSingleton<ShowInput>();
        builder.Services.TryAddScoped<Inbox>();
    }

    /// <summary>A kind of input that one proposes and another approves, with its place in the inbox.</summary>
    public static IServiceCollection AddInput<T>(this IServiceCollection services) where T : class, IInput =>
        services.AddSingleton<T>().AddSingleton<IInput>(s => s.GetRequiredService<T>())
            .AddSingleton<IPendingDecisions>(s => new PendingInputs(
                s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<T>()));

    public static void MapApprovals(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/approvals", ListApprovals.Handle).RequireAuthorization(Permissions.InboxRead)
            .WithTags("Approvals");
        var inputs = routes.MapGroup("/api/v1/inputs").WithTags("Approvals");
        inputs.MapGet("", ListInputs.Handle).RequireAuthorization(Permissions.InputsRead);
        inputs.MapGet("/{id}", ShowInput.Handle).RequireAuthorization(Permissions.InputsRead);
        inputs.MapPost("/{id}/approve", DecideInput.Approve).RequireAuthorization(Permissions.InputsApprove);
        inputs.MapPost("/{id}/decline", DecideInput.Decline).RequireAuthorization(Permissions.InputsDecline);
    }
}
