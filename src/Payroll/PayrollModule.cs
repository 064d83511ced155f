using Guerdon.Approvals;
using Guerdon.Payroll.Claims;
using Guerdon.Payroll.Conversions;
using Guerdon.Payroll.Settings;
using Guerdon.Payroll.Terms;
using Guerdon.People.Proposals;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Payroll;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class PayrollModule
{
    public static void AddPayroll(this IHostApplicationBuilder builder)
    {
        builder.AddApprovals();
        builder.Services.AddSingleton<IPendingDecisions, PendingConversions>()
            .AddSingleton<IPendingDecisions, PendingClaims>();
        builder.Services.AddInput<ConversionTermsInput>().AddInput<PayrollInput>()
            .AddSingleton<IComputedFromPeople, ConversionsFromPeople>();
        builder.Services.AddSingleton<RateBooks>().AddSingleton<ConversionRequests>()
            .AddSingleton<ConversionDecisions>().AddSingleton<ConversionReversal>();
        builder.Services.AddSingleton<ClaimDecisions>().AddHostedService<FinishConversions>();
    }

    public static void MapPayroll(this IEndpointRouteBuilder routes)
    {
        PayRoutes.Map(routes);
        PayrollRoutes.Map(routes);
    }
}
