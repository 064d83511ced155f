using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Stipend.Gateway;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>The module's one door: everything it registers and every route it serves.</summary>
public static class CompensationModule
{
    public static void AddCompensation(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GrantRuns>().AddSingleton<PlanMembers>();
        builder.Services.AddSingleton<IMemberships>(services => services.GetRequiredService<PlanMembers>());
        builder.Services.AddSingleton(services => services.GetRequiredService<PlanMembers>().Changes);
        builder.Services.AddHostedService(services => services.GetRequiredService<PlanMembers>());
        builder.Services.AddHostedService<ExpireLots>();
        builder.Services.AddSingleton<Conversions>().AddSingleton<ConversionDesk>().AddSingleton<ConversionReversal>();
        builder.Services.AddSingleton<ClaimDesk>().AddHostedService<FinishConversions>();
    }

    public static void MapCompensation(this IEndpointRouteBuilder routes)
    {
        var plans = routes.MapGroup("/api/v1/plans").RequireAuthorization(Access.Admin).WithTags("Plans");
        plans.MapGet("", ListPlans.Handle);
        plans.MapPost("", ApplyPlan.Handle);
        plans.MapPost("/check", CheckPlan.Handle);

        var runs = routes.MapGroup("/api/v1/grants/runs").RequireAuthorization(Access.Admin).WithTags("Grants");
        runs.MapPost("", RunGrants.Handle);
        runs.MapGet("/{id}", GetRun.One);
        runs.MapGet("/{id}/lines", GetRun.Lines);

        var own = routes.MapGroup("/api/v1").RequireAuthorization(Access.SignedIn).WithTags("Statements");
        own.MapGet("/wallets/{personOrEmail}", GetWallet.Handle);
        own.MapGet("/statements/{personOrEmail}", GetStatement.Handle);
        routes.MapGet("/api/v1/people/{personOrEmail}/rewards", TotalRewards.Handle)
            .RequireAuthorization(Access.SignedIn).WithTags("Statements");
        PayRoutes.Map(routes);
    }
}
