using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Keys;
using Guerdon.Grants.Expiry;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Payroll.Conversions;
using Guerdon.People.Employees;
using Guerdon.Simulation;
using Guerdon.Storage;

namespace Guerdon.Host.Simulated;

/// <summary>This program's server, as a company is played on it.</summary>
internal sealed class PlayedServer(WebApplication app) : IPlayedServer
{
    public string Address => app.Urls.First();

    public Task<string> OpenAdministratorAsync(string email, string name, CancellationToken ct) =>
        OpenAsync(email, name, Roles.Founder, ct);

    // No person is named, because the account gets the one who has the address (host.find_person).
    public Task<string> OpenEmployeeAsync(string email, string name, CancellationToken ct) =>
        OpenAsync(email, name, [Roles.Employee], ct);

    public async Task<string> SignInAsync(string email, CancellationToken ct)
    {
        var account = await app.Services.GetRequiredService<AccountDirectory>().FindByEmailAsync(email, ct)
            ?? throw new SimulationException($"{email} has no account.");
        var from = new SessionFrom(SessionKind.CommandLine, "", "simulation");
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        return (await app.Services.GetRequiredService<OpenSessions>().OpenAsync(account.Id, from, now, ct)).Secret;
    }

    public async Task<string> MakeKeyAsync(string email, string name, CancellationToken ct)
    {
        var person = await app.Services.GetRequiredService<PeopleDirectory>().FindAsync(email, ct)
            ?? throw new SimulationException($"{email} is not on file.");
        var issue = app.Services.GetRequiredService<CreateKey.IssueKey>();
        return (await issue.RunAsync(new(person.Id.Value), new(null, name, null, null, null), ct)).Key;
    }

    // In this order, since one job may wait for what another does.
    public async Task RunJobsAsync(CancellationToken ct)
    {
        var hosted = app.Services.GetServices<IHostedService>().ToArray();
        var forAll = hosted.OfType<Job>().Where(job => job.Timing.OneNode is not null);
        foreach (var job in forAll.OrderBy(job => job is FinishConversions ? 2 : job is ExpireLots ? 1 : 0))
            await job.RunAsync(ct);
    }

    public async Task DrainAsync(CancellationToken ct)
    {
        await app.Services.GetRequiredService<RequestJournal>().DrainAsync().WaitAsync(ct);
        var node = app.Services.GetRequiredService<NodeLease>();
        await app.Services.GetRequiredService<Settlements>().AllAsync(node.Holder, ct);
    }

    private async Task<string> OpenAsync(
        string email, string name, IReadOnlyCollection<string> roles, CancellationToken ct)
    {
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        return await accounts.CreateAsync(email, name, roles, person: null, password: null, ct) is { } made
            ? (await app.Services.GetRequiredService<ApiTokens>().CreateAsync(made, "simulation", ct)).Token
            : throw new SimulationException($"{email} has an account already: play in a folder that is empty.");
    }
}
