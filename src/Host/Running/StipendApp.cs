using System.Text.Json.Serialization;
using Npgsql;
using Stipend.Compensation;
using Stipend.Gateway;
using Stipend.Host.Protection;
using Stipend.Host.SignIn;
using Stipend.Ledger;
using Stipend.Metering;
using Stipend.People;
using Stipend.Pricing;
using Stipend.Web;

namespace Stipend.Host.Running;

/// <summary>
/// The whole server, put together: modules by tier, sign-in, pages, health. Every test and verb uses this one.
/// </summary>
internal static class StipendApp
{
    /// <param name="db">Open and migrated; the caller disposes it behind the application.</param>
    /// <param name="urls">Where to listen.</param>
    /// <param name="settings">Configuration on top of environment and files.</param>
    /// <param name="clock">Null: the system's.</param>
    public static WebApplication Build(
        NpgsqlDataSource db, string[] urls, IReadOnlyDictionary<string, string?> settings, TimeProvider? clock = null)
    {
        var builder =
            WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(KnownProviders.FromEnvironment());
        builder.Configuration.AddEnvironmentVariables("STIPEND_CONFIG_");
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls(urls).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20; // routes that take files say so
        });
        Logs.Configure(builder);
        AddServices(builder, db, clock ?? TimeProvider.System);

        var app = builder.Build();
        // The page of an error names a code to look up: the log must have it although a handler answered.
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => false });
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal),
            api => api.UseStatusCodePages()); // a malformed body gets ProblemDetails as any other 400
        app.UseSignIn();
        Map(app);
        return app;
    }

    private static void AddServices(WebApplicationBuilder builder, NpgsqlDataSource db, TimeProvider clock)
    {
        builder.Services.AddSingleton(clock).AddSingleton(db).AddProblemDetails().AddOpenApi();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        builder.AddProtection();
        builder.AddLedger(); // first to start and last to stop: the others post until they have stopped
        builder.AddPricing();
        builder.AddPeople();
        builder.AddMetering();
        builder.AddGateway();
        builder.AddCompensation();
        builder.AddSignIn();
        builder.AddWeb();
        builder.Services.AddSingleton<Telemetry>().AddHostedService(s => s.GetRequiredService<Telemetry>());
    }

    private static void Map(WebApplication app)
    {
        Health.Map(app);
        SealRoutes.Map(app);
        app.MapOpenApi("/api/v1/openapi.json").AllowAnonymous();
        app.MapPricing();
        app.MapPeople();
        app.MapMetering();
        app.MapGateway();
        app.MapCompensation();
        app.MapSignIn();
        app.MapWeb();
    }

    /// <summary>What the database must hold before the first call: prices, the key ring, and the book in
    /// memory.</summary>
    public static async Task PrepareAsync(WebApplication app, CancellationToken ct)
    {
        await app.PrepareProtectionAsync(ct);
        var db = app.Services.GetRequiredService<NpgsqlDataSource>();
        await SeedBook.RunAsync(db, app.Services.GetRequiredService<TimeProvider>(), ct);
        await app.Services.GetRequiredService<PriceBook>().ReloadAsync(ct);
    }
}
