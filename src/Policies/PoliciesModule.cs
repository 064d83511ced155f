using Guerdon.Approvals;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Policies;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class PoliciesModule
{
    public static void AddPolicies(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddApprovals();
        services.AddSingleton<CurrentPolicy>().AddSingleton<PolicyWatch>();
        services.AddSingleton<WritePolicy>().AddSingleton<TurnSwitch>();
        services.AddInput<PolicyInput>().AddInput<OpeningInput>();
        services.AddHostedService(provider => provider.GetRequiredService<PolicyWatch>());
        services.AddSingleton(provider => provider.GetRequiredService<PolicyWatch>().Changes);
    }

    // Anybody whom the policy binds may read it, since a rule that is not known cannot be followed.
    public static void MapPolicies(this IEndpointRouteBuilder routes)
    {
        const string root = "/api/v1/gateway-policy";
        routes.MapGet(root, GetPolicy.InForce).RequireAuthorization(Permissions.PoliciesRead).WithTags("Policies");
        var policies = routes.MapGroup(root).WithTags("Policies");
        policies.MapPost("", ApplyPolicy.Handle).RequireAuthorization(Permissions.PoliciesWrite);
        policies.MapPost("/check", CheckPolicy.Handle).RequireAuthorization(Permissions.PoliciesWrite);
        policies.MapGet("/versions/{version:int}", GetPolicy.Version)
            .RequireAuthorization(Permissions.PoliciesRead + Access.OfAll);
        policies.MapPost("/close", TurnSwitch.Close).RequireAuthorization(Permissions.GatewayClose);
        policies.MapPost("/open", TurnSwitch.Open).RequireAuthorization(Permissions.GatewayOpen);
    }
}
