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
        services.AddSingleton<CurrentPolicy>().AddSingleton<ApplyPolicy.Services>().AddSingleton<PolicyWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PolicyWatch>());
        services.AddSingleton(provider => provider.GetRequiredService<PolicyWatch>().Changes);
    }

    // Anybody whom the policy binds may read it, since a rule that is not known cannot be followed.
    public static void MapPolicies(this IEndpointRouteBuilder routes)
    {
        const string root = "/api/v1/gateway-policy";
        routes.MapGet(root, GetPolicy.InForce).RequireAuthorization(Access.SignedIn).WithTags("Policies");
        var policies = routes.MapGroup(root).RequireAuthorization(Access.Admin).WithTags("Policies");
        policies.MapPost("", ApplyPolicy.Handle);
        policies.MapPost("/check", CheckPolicy.Handle);
        policies.MapGet("/versions/{version:int}", GetPolicy.Version);
        policies.MapPost("/close", TurnSwitch.Close);
        policies.MapPost("/open", TurnSwitch.Open);
    }
}
