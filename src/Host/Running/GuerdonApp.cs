using System.Text.Json.Serialization;
using Guerdon.Admin;
using Guerdon.Approvals;
using Guerdon.Forms;
using Guerdon.Gateway;
using Guerdon.Grants;
using Guerdon.Host.Database;
using Guerdon.Host.Inputs;
using Guerdon.Identity;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Notices;
using Guerdon.Offers;
using Guerdon.OpenId;
using Guerdon.Payroll;
using Guerdon.People;
using Guerdon.Policies;
using Guerdon.Pricing;
using Guerdon.Pricing.Book;
using Guerdon.Privacy;
using Guerdon.Providers;
using Guerdon.Scim;
using Guerdon.Statements;
using Guerdon.Storage;
using Guerdon.Tuning;
using Guerdon.Vesting;
using Guerdon.Web;
using Npgsql;

namespace Guerdon.Host.Running;

/// <summary>
/// The whole server, put together: modules by tier, pages, health. Every test and verb uses this one.
/// </summary>
internal static class GuerdonApp
{
    /// <param name="db">Open and migrated; the caller disposes it after the application.</param>
    /// <param name="urls">Where to listen.</param>
    /// <param name="settings">Configuration on top of environment and files.</param>
    /// <param name="clock">Null: the system's.</param>
    /// <param name="sessions">Sessions outside the pool; null: as the pool's own are opened.</param>
    public static WebApplication Build(
        NpgsqlDataSource db, string[] urls, IReadOnlyDictionary<string, string?> settings, TimeProvider? clock = null,
        Sessions? sessions = null)
    {
        var builder =
            WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(KnownProviders.FromEnvironment());
        builder.Configuration.AddEnvironmentVariables("GUERDON_CONFIG_");
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls(urls).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimits.Any; // routes that take files say so
            kestrel.Limits.MaxRequestBufferSize = BodyLimits.ReadAhead;
        });
        var noteStarted = Logs.Configure(builder);
        AddServices(builder, db, clock ?? TimeProvider.System);
        builder.Services.AddSingleton(sessions ?? new(Sessions.Of(db))).AddSingleton<Readiness>();
        builder.Services.AddExceptionHandler<DatabaseFaults>();

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(noteStarted);
        app.UsePublicAddress();
        // The page of an error names a code to look up: the log must have it although a handler answered.
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => false });
        app.UseStatusCodePages(InputGuard.SayStatusAsync); // no answer is a bare number
        app.Use(BodyLimits.Refuse);
        app.Use(SecurityHeaders.Write);
        app.Use(InputGuard.RefuseUnreadable);
        app.UseIdentity();
        app.Use(InputGuard.Refuse);
        app.UseForms();
        Map(app);
        return app;
    }

    private static void AddServices(WebApplicationBuilder builder, NpgsqlDataSource db, TimeProvider clock)
    {
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddSingleton(clock).AddSingleton(db).AddProblemDetails()
            .AddOpenApi(ApiDocument.Configure);
        builder.Services.AddRoutingCore();
        // What cannot be bound is thrown, so that InputGuard can say which field and why.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(null, allowIntegerValues: false));
            json.SerializerOptions.AllowDuplicateProperties = false;
        });
        builder.AddPublicAddress();
        builder.AddPrivacy();
        builder.AddIdentity();
        builder.AddOpenId();
        builder.AddScim();
        builder.AddLedger(); // before Metering: of the two that stop last, it is the last
        builder.AddPricing();
        builder.AddPeople();
        builder.AddNotices(); // before all that give some
        builder.AddMetering();
        // Before Gateway, whose listener must only begin once all that it notifies of changes is there.
        builder.AddPolicies();
        builder.AddProviders();
        builder.AddGateway();
        builder.AddTuning();
        builder.AddGrants();
        builder.AddPayroll();
        builder.AddOffers();
        builder.AddWeb();
        builder.Services.AddAdmin();
        builder.Services.AddSingleton<Telemetry>().AddHostedService(s => s.GetRequiredService<Telemetry>());
    }

    // Without signals, since the command line hears them and tells the server by its token.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static void Map(WebApplication app)
    {
        Health.Map(app);
        var all = app.MapGroup("").AddEndpointFilterFactory(InputFilter.For);
        ((IEndpointConventionBuilder)all).Finally(BodyLimits.Add);
        var programs = all.MapGroup("").WithMetadata(ForPrograms.Mark);
        programs.MapOpenApi("/api/v1/openapi.json").RequireAuthorization(Permissions.AccountUse);
        app.MapErrors();
        SealRoutes.Map(programs);
        programs.MapApprovals();
        programs.MapPricing();
        programs.MapPeople();
        programs.MapMetering();
        programs.MapPolicies();
        programs.MapProviders();
        programs.MapGateway();
        programs.MapTuning();
        programs.MapVesting();
        programs.MapGrants();
        programs.MapNotices();
        programs.MapPayroll();
        programs.MapOffers();
        programs.MapStatements();
        programs.MapIdentity();
        programs.MapOpenId();
        programs.MapScim();
        programs.MapNothingElse();
        app.MapSignInForms();
        app.MapSignInWithProviders();
        all.MapWeb(typeof(AdminModule).Assembly);
    }

    /// <summary>What the database must hold before the first call: prices, the key ring, and the
    /// book in memory.</summary>
    public static async Task PrepareAsync(WebApplication app, CancellationToken ct)
    {
        using var acting = Acting.As(new LocalAct("serve", app.Services.GetRequiredService<TimeProvider>()));
        await app.PreparePrivacyAsync(ct);
        await app.PrepareIdentityAsync(ct);
        var db = app.Services.GetRequiredService<NpgsqlDataSource>();
        await SeedBook.RunAsync(db, app.Services.GetRequiredService<TimeProvider>(), ct);
        await app.Services.GetRequiredService<PriceBook>().ReloadAsync(ct);
    }
}
