using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Guerdon.Providers;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class ProvidersModule
{
    public static void AddProviders(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        DialectConverter.Register();
        services.AddOptions<GatewayOptions>()
            .BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, ProviderRules>();
        services.AddSingleton<IValidateOptions<GatewayOptions>, UnreadProviders>();
        services.AddSingleton<KeySafe>().AddSingleton<ProviderSet>().AddSingleton<ProviderCatalog>()
            .AddSingleton<ProviderChanges>().AddSingleton<ProposedKeys>().AddSingleton<ProviderWatch>();
        builder.AddApprovals();
        services.AddInput<ProviderInput>();
        services.AddSingleton(provider => new GatewayAlarms(
            provider.GetRequiredService<ProviderChanges>(), provider.GetRequiredService<CurrentPolicy>()));
        services.AddHostedService(provider => provider.GetRequiredService<ProviderWatch>());
        services.AddSingleton(provider => provider.GetRequiredService<ProviderWatch>().Changes);
    }

    public static void MapProviders(this IEndpointRouteBuilder routes)
    {
        var providers = routes.MapGroup("/api/v1/providers").WithTags("Providers");
        providers.MapGet("", ListProviders.Handle).RequireAuthorization(Permissions.ProvidersRead);
        providers.MapPut("/{name}", SetProvider.Handle).RequireAuthorization(Permissions.ProvidersWrite);
        providers.MapPost("/{name}/rotate", RotateProvider.Handle).RequireAuthorization(Permissions.ProvidersWrite);
        providers.MapPost("/{name}/retire", RotateProvider.Retire).RequireAuthorization(Permissions.ProvidersWrite);
        providers.MapDelete("/{name}", RemoveProvider.Handle).RequireAuthorization(Permissions.ProvidersWrite);
    }
}
