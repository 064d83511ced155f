using Guerdon.Gateway.Forwarding;
using Guerdon.Host.Database;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Tokens;
using Guerdon.Sandbox;
using Guerdon.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Host.Running;

/// <summary>What is to run.</summary>
/// <param name="Url">Where to listen.</param>
/// <param name="WithSandbox">Send every provider's calls to a sandbox of its own.</param>
/// <param name="Settings">Further configuration.</param>
internal sealed record ServerPlan(string Url, bool WithSandbox, IReadOnlyDictionary<string, string?> Settings)
{
    public DatabaseOptions Database { get; init; } = DatabaseOptions.FromEnvironment();

    /// <summary>Whether an installation without accounts gets its first administrator.</summary>
    public bool MakesAdmin { get; init; } = true;

    /// <summary>Null: the system's.</summary>
    public TimeProvider? Clock { get; init; }
}

/// <summary>What runs when Guerdon serves: its database, a sandbox where asked for, and the application.</summary>
internal sealed partial class Server : IAsyncDisposable
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);

    private readonly DatabaseSetup _database;
    private readonly WebApplication? _sandbox;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _keeping;
    private readonly string _address;
    private bool _isStopped;

    private Server(
        ServerPlan plan, DatabaseSetup database, WebApplication? sandbox, WebApplication app, FirstRun.Created? admin)
    {
        (Home, _database, _sandbox, App, Admin) = (plan.Database.Home, database, sandbox, app, admin);
        _address = AddressOf(app);
        _keeping = KeepDatabaseAsync();
    }

    /// <summary>What <c>.guerdon</c> lies in.</summary>
    public string Home { get; }

    public WebApplication App { get; }

    /// <summary>The administrator that this start made, to be shown once; null where there was an account.</summary>
    public FirstRun.Created? Admin { get; }

    /// <summary>Where it listens.</summary>
    public string Address => _address;

    /// <summary>What people type, as <c>https://guerdon.example.com</c>; null where it is where it listens.</summary>
    public string? PublicAddress =>
        App.Services.GetRequiredService<IOptions<PublicOptions>>().Value.Origin?.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether calls go to a sandbox of its own.</summary>
    public bool HasSandbox => _sandbox is not null;

    public NpgsqlDataSource Db => _database.Source;

    /// <param name="plan">What is to run.</param>
    /// <param name="say">What is under way.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="DatabaseSetupException">There is no database; the message says what to do.</exception>
    public static async Task<Server> StartAsync(ServerPlan plan, Action<string> say, CancellationToken ct)
    {
        say("the database");
        var database = await LocalDatabase.OpenAsync(plan.Database, ct);
        WebApplication? sandbox = null, app = null;
        try
        {
            var all = new Dictionary<string, string?>(plan.Settings);
            if (plan.WithSandbox)
            {
                sandbox = SandboxModule.Create(new SandboxOptions(), "http://127.0.0.1:0");
                await sandbox.StartAsync(ct);
                foreach (var (key, value) in KnownProviders.AtSandbox(AddressOf(sandbox))) all.TryAdd(key, value);
            }

            say("the server");
            if (KeyFile.Find(database.Cluster?.Place.Root) is { } keyFile) all[KeyFile.Setting] = keyFile;
            app = GuerdonApp.Build(
                database.Source, [plan.Url], all, plan.Clock, sessions: new(database.OpenSessionAsync));
            await GuerdonApp.PrepareAsync(app, ct);
            await ListenAddress.StartAsync(app, plan.Url, ct);
            var log = app.Services.GetRequiredService<ILogger<Server>>();
            if (await OwnRole.OwnsTablesAsync(database.Source, ct)) Log.OwnsTables(log);
            if (database.InTheClear is { Count: > 0 } open) Log.InTheClear(log, string.Join(", ", open));
            using var acting = Acting.As(new LocalAct("serve", TimeProvider.System));
            // Only now: a start that fails would have made a link that nobody is shown.
            var admin = plan.MakesAdmin
                ? await FirstRun.EnsureAdminAsync(app.Services.GetRequiredService<AccountDirectory>(),
                    app.Services.GetRequiredService<OneTimeLinks>(),
                    app.Services.GetRequiredService<ApiTokens>(), plan.Database.Home, ct)
                : null;
            await AddressFile.WriteAsync(plan.Database.Home, AddressOf(app), ct);
            return new(plan, database, sandbox, app, admin);
        }
        catch
        {
            if (app is not null) await EndAsync(app);
            if (sandbox is not null) await sandbox.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    // What had begun before the start failed must end too: this node's lease is given up, so that the
    // others no longer count it.
    private static async Task EndAsync(WebApplication app)
    {
        using var limit = new CancellationTokenSource(EndWithin);
        await app.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync();
    }

    /// <summary>
    /// Ends when it has stopped: told to by <paramref name="stop"/>, it lets calls finish; by <paramref name="hurry"/>,
    /// it ends them.
    /// </summary>
    public async Task WaitAsync(CancellationToken stop, CancellationToken hurry)
    {
        await using var hurrying = hurry.Register(App.Services.GetRequiredService<GatewayStop>().Hurry);
        _isStopped = true;
        await App.WaitForShutdownAsync(stop);
    }

    /// <summary>
    /// Stops the application first, and only then the database that it writes to. Its own private one is the last.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        AddressFile.Remove(Home, _address);
        if (!_isStopped) await App.StopAsync();
        await App.DisposeAsync();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        await _stopping.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _database.DisposeAsync();
        _stopping.Dispose();
    }

    // A private database that dies is started again; what was acknowledged is in its log. So is one whose programs an
    // upgrade has changed: its new sessions would fail. Half of an upgrade may be in place, or no room on the disk, or
    // something that nobody has thought of: it is tried until it starts.
    private async Task KeepDatabaseAsync()
    {
        if (_database.Cluster is not { } cluster) return;
        while (true)
        {
            try
            {
                await cluster.NeedsRestartAsync(_stopping.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(200), _stopping.Token);
                await cluster.RestartAsync(_stopping.Token);
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                Log.NotStarted(App.Services.GetRequiredService<ILogger<Server>>(), e.Message);
                await Task.Delay(TimeSpan.FromSeconds(5), _stopping.Token);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The private database cannot be started again yet: {Reason}")]
        public static partial void NotStarted(ILogger log, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Guerdon runs as the role that owns its tables, which could "
            + "edit what it keeps: use two (docs/guides/verify.md#a-role-that-owns-nothing)")]
        public static partial void OwnsTables(ILogger log);

        [LoggerMessage(Level = LogLevel.Warning, Message = "What is said to the database at {Hosts} may be read on its "
            + "way: set SSL Mode=VerifyFull and Root Certificate in GUERDON_DB "
            + "(docs/guides/operating.md#tls-to-the-database)")]
        public static partial void InTheClear(ILogger log, string hosts);
    }

    private static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}
