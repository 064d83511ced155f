using Guerdon.Approvals;
using Guerdon.Grants.Departures;
using Guerdon.Grants.Expiry;
using Guerdon.Grants.Phases;
using Guerdon.Grants.Plans;
using Guerdon.Grants.Previews;
using Guerdon.Grants.Runs;
using Guerdon.Grants.Tiers;
using Guerdon.Grants.Vesting;
using Guerdon.Kernel;
using Guerdon.People.Proposals;
using Guerdon.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Guerdon.Grants;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class GrantsModule
{
    public static void AddGrants(this IHostApplicationBuilder builder)
    {
        builder.AddApprovals();
        builder.Services.AddSingleton<IPendingDecisions, PendingRuns>()
            .AddSingleton<IPendingDecisions, PendingFacts>().AddSingleton<IPendingDecisions, PendingTiers>()
            .AddSingleton<IPendingDecisions, PendingPhases>()
            .AddSingleton<IPendingDecisions, PendingDepartures>();
        builder.Services.AddInput<PlanInput>().AddSingleton<IComputedFromPeople, GrantsFromPeople>();
        builder.Services.AddSingleton<RunPreparation>().AddSingleton<GrantPosting>().AddSingleton<Rollover>()
            .AddSingleton<GrantReversal>().AddSingleton<RunWork>();
        builder.Services.AddSingleton(s => new RunContext(
            s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<RunPreparation>(),
            s.GetRequiredService<RunWork>(), s.GetRequiredService<FourEyes>(),
            s.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<RunWork>());
        builder.Services.AddSingleton<PlanMembers>();
        builder.Services.AddSingleton<IMemberships>(services => services.GetRequiredService<PlanMembers>());
        builder.Services.AddSingleton(services => services.GetRequiredService<PlanMembers>().Changes);
        builder.Services.AddHostedService(services => services.GetRequiredService<PlanMembers>());
        builder.Services.AddHostedService<ExpireLots>().AddHostedService<VestGrants>().AddHostedService<ClawBack>();
        builder.Services.AddSingleton<PlanComparison>().AddSingleton<TierRequests>().AddSingleton<PhaseGate>()
            .AddSingleton<VestingFactStore>();
        builder.Services.AddHostedService<ExpiryNotices>();
    }

    public static void MapGrants(this IEndpointRouteBuilder routes)
    {
        MapPlans(routes);
        MapRuns(routes);
        MapVesting(routes);
        MapTiers(routes);
        MapDepartures(routes);
    }

    private static void MapPlans(IEndpointRouteBuilder routes)
    {
        var plans = routes.MapGroup("/api/v1/plans").WithTags("Plans");
        plans.MapGet("", ListPlans.Handle).RequireAuthorization(Permissions.PlansRead);
        plans.MapPost("", ApplyPlan.Handle).RequireAuthorization(Permissions.PlansWrite);
        plans.MapPost("/check", CheckPlan.Handle).RequireAuthorization(Permissions.PlansWrite);
        plans.MapPost("/diff", DiffPlan.Handle).RequireAuthorization(Permissions.PlansWrite);
        plans.MapGet("/{name}", PlanHistory.One).RequireAuthorization(Permissions.PlansRead);
        plans.MapGet("/{name}/history", PlanHistory.All).RequireAuthorization(Permissions.PlansRead);
        plans.MapGet("/{name}/phases", VotePhase.All).RequireAuthorization(Permissions.PlansRead);
        plans.MapPost("/{name}/phases/{phase}", VotePhase.Propose).RequireAuthorization(Permissions.PhasesPropose);
        plans.MapPost("/{name}/phases/{phase}/votes", VotePhase.Vote).RequireAuthorization(Permissions.PhasesVote);
        routes.MapGet(PlanSchema.Address, PlanSchema.Handle).AllowAnonymous().WithTags("Plans");
    }

    private static void MapRuns(IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/api/v1/grants/runs").WithTags("Grants");
        runs.MapGet("", GetRun.All).RequireAuthorization(Permissions.GrantsRead);
        runs.MapPost("", RunGrants.Handle).RequireAuthorization(Permissions.GrantsPrepare);
        runs.MapGet("/{id}", GetRun.One).RequireAuthorization(Permissions.GrantsRead);
        runs.MapGet("/{id}/lines", GetRun.Lines).RequireAuthorization(Permissions.GrantsRead);
        runs.MapPost("/{id}/lines/{line:int}/vesting", VestingFact.Ask).RequireAuthorization(Permissions.GrantsPrepare);
        runs.MapPost("/{id}/approve", DecideRun.Approve).RequireAuthorization(Permissions.GrantsApprove);
        runs.MapPost("/{id}/decline", DecideRun.Decline).RequireAuthorization(Permissions.GrantsDecline);
        runs.MapPost("/{id}/reverse", DecideRun.Reverse).RequireAuthorization(Permissions.GrantsDecline);
        runs.MapPost("/{id}/reverse/approve", DecideRun.ApproveReversal)
            .RequireAuthorization(Permissions.GrantsApprove);
        routes.MapPost("/api/v1/grants/awards", RunGrants.Award)
            .RequireAuthorization(Permissions.GrantsPrepare).WithTags("Grants")
            .WithMetadata(new RequestSizeLimitAttribute(RunGrants.MostAwardBytes));
        routes.MapPost("/api/v1/grants/awards/import", ImportAwards.Handle)
            .RequireAuthorization(Permissions.GrantsPrepare).WithTags("Grants");
    }

    private static void MapVesting(IEndpointRouteBuilder routes)
    {
        var facts = routes.MapGroup("/api/v1/vesting/facts").WithTags("Vesting");
        facts.MapGet("", VestingFact.All).RequireAuthorization(Permissions.GrantsRead);
        facts.MapPost("/{id}/approve", VestingFact.Approve).RequireAuthorization(Permissions.GrantsApprove);
        facts.MapPost("/{id}/decline", VestingFact.Decline).RequireAuthorization(Permissions.GrantsDecline);
        routes.MapGet("/api/v1/people/{personOrEmail}/vesting", VestingForecast.Handle)
            .RequireAuthorization(Permissions.WalletsRead).WithTags("Vesting");
    }

    private static void MapDepartures(IEndpointRouteBuilder routes)
    {
        var departures = routes.MapGroup("/api/v1/departures").WithTags("Departures");
        departures.MapGet("", ListDepartures.Handle).RequireAuthorization(Permissions.GrantsRead);
        departures.MapPost("/held/confirm", DecideDeparture.ConfirmHeld).RequireAuthorization(Permissions.PeopleWrite);
        departures.MapPost("/held/decline", DecideDeparture.DeclineHeld).RequireAuthorization(Permissions.PeopleWrite);
        departures.MapPost("/{id}/approve", DecideDeparture.Approve).RequireAuthorization(Permissions.PeopleWrite);
        departures.MapPost("/{id}/decline", DecideDeparture.Decline).RequireAuthorization(Permissions.PeopleWrite);
        departures.MapPost("/{id}/return", DecideDeparture.Return).RequireAuthorization(Permissions.PeopleWrite);
    }

    private static void MapTiers(IEndpointRouteBuilder routes)
    {
        var requests = routes.MapGroup("/api/v1/tiers/requests").WithTags("Tiers");
        requests.MapGet("", ListTiers.Handle).RequireAuthorization(Permissions.TiersRead);
        requests.MapPost("", AskTier.Handle).RequireAuthorization(Permissions.TiersAsk);
        requests.MapPost("/{id}/approve", DecideTier.Approve).RequireAuthorization(Permissions.TiersDecide);
        requests.MapPost("/{id}/decline", DecideTier.Decline).RequireAuthorization(Permissions.TiersDecide);
    }
}
