using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Metering.Reconciliation;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Rollups;
using Guerdon.Metering.Settlement;
using Guerdon.Metering.TokenValue;
using Guerdon.Metering.UsageImports;
using Guerdon.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Metering;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class MeteringModule
{
    public static void AddMetering(this IHostApplicationBuilder builder)
    {
        builder.AddApprovals();
        builder.Services.AddSingleton<IPendingDecisions, PendingCorrections>();
        builder.Services.AddInput<TokenValueInput>();
        builder.Services.AddOptions<MeteringOptions>()
            .BindConfiguration(MeteringOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // Registered after the ledger's writer, so that it stops first: it still books its
        // last closings through that writer.
        builder.Services.AddSingleton<RequestJournal>().AddHostedService<LastToStop<RequestJournal>>();
        builder.Services.AddSingleton<Settlements>();
        builder.Services.AddHostedService<MonthPartitions>();
        builder.Services.AddSingleton<UsageImporter>();
    }

    public static void MapMetering(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Metering");
        api.MapPost("/usage/import", ImportUsage.Handle).RequireAuthorization(Permissions.UsageImport)
            .WithMetadata(new RequestSizeLimitAttribute(ImportUsage.MaxBytes));
        api.MapGet("/usage/provisional", ListProvisional.Handle).RequireAuthorization(Permissions.UsageRead);
        api.MapGet("/overview", GetOverview.Handle).RequireAuthorization(Permissions.OverviewRead);
        api.MapGet("/token-value/index", CalibrateTokenValue.Show).RequireAuthorization(Permissions.TokenValueRead);
        api.MapPost("/token-value", CalibrateTokenValue.Apply).RequireAuthorization(Permissions.TokenValueWrite);
        api.MapPost("/reconciliation/reports", ImportReport.Handle)
            .RequireAuthorization(Permissions.ReconciliationPrepare)
            .WithMetadata(new RequestSizeLimitAttribute(ImportReport.MaxBytes));
        api.MapPost("/reconciliation/preview", PreviewCorrections.Handle)
            .RequireAuthorization(Permissions.ReconciliationPrepare);
        api.MapGet("/reconciliation/{id}", ReviewCorrections.Handle)
            .RequireAuthorization(Permissions.ReconciliationRead);
        api.MapPost("/reconciliation/{id}/apply", ApplyCorrections.Handle)
            .RequireAuthorization(Permissions.ReconciliationApply);
        api.MapPost("/reconciliation/{id}/decline", DeclineCorrections.Handle)
            .RequireAuthorization(Permissions.ReconciliationPrepare);
        api.MapGet("/reconciliation", ShowReconciliation.Handle).RequireAuthorization(Permissions.ReconciliationRead);
    }
}
