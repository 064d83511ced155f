using System.Globalization;
using Guerdon.Simulation.Companies;

namespace Guerdon.Simulation.Demo;

/// <summary>
/// A company's first month, through the API that a real one uses: people and a plan are imported, the month is
/// granted, people call through the official SDKs. It can be played again on what is there.
/// </summary>
public sealed class PlayedDemo : IDisposable
{
    private const string Plan = "allowance";
    private const int Callers = 40;

    private readonly IPlayedServer _server;
    private readonly CompanyApi _preparer;
    private readonly CompanyApi _approver;
    private readonly DateOnly _month;

    /// <param name="server">Where.</param>
    /// <param name="preparer">A token of the administrator who asks.</param>
    /// <param name="approver">The one who approves, with a token of theirs.</param>
    /// <param name="today">The month of this day is granted.</param>
    public PlayedDemo(IPlayedServer server, string preparer, (string Email, string Token) approver, DateOnly today)
    {
        _server = server;
        _preparer = new(server.Address, preparer);
        _approver = new(server.Address, approver.Token, ct => server.SignInAsync(approver.Email, ct));
        _month = new(today.Year, today.Month, 1);
    }

    /// <summary>Everybody's file, and the plan.</summary>
    /// <returns>How many people.</returns>
    public async Task<int> FoundAsync(CancellationToken ct)
    {
        var files = new AppliedFiles(_preparer, _approver); // the first people wait for nobody, and later ones do
        await files.ApplyAsync("people/import", PeopleCsv.Of(MadeUpCompany.People), "text/csv", ct);
        await files.ApplyAsync("plans", PlanYaml(_month), "text/yaml", ct);
        return MadeUpCompany.Size;
    }

    /// <summary>What came of granting the month.</summary>
    /// <param name="Period">The month, as <c>2026-11</c>.</param>
    /// <param name="People">Whom it was for.</param>
    /// <param name="IsNew">False where it had been granted before.</param>
    public sealed record Granted(string Period, int People, bool IsNew);

    /// <summary>Grants the month: one administrator prepares it, the other approves that very run.</summary>
    public async Task<Granted> GrantAsync(CancellationToken ct)
    {
        var period = _month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var made = await new GrantRuns(_preparer, _approver).MakeAsync(
            "grants/runs", new { plan = Plan, period, dryRun = false }, ct);
        return new(period, made.People, made.Posted is not null);
    }

    /// <summary>People at work, and all of it booked.</summary>
    /// <param name="calls">How many.</param>
    /// <param name="say">How far it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>How many were answered, and why the first of the others was not.</returns>
    public async Task<(int Answered, string? FirstFailure)> CallAsync(
        int calls, Action<string> say, CancellationToken ct)
    {
        var keys = new List<string>();
        foreach (var person in MadeUpCompany.People.Take(Callers))
            keys.Add(await _server.MakeKeyAsync(person.Email, "demo", ct));

        var came = await new DemoTraffic(_server.Address).SendAsync(keys, calls, say, ct);
        await _server.DrainAsync(ct);
        return came;
    }

    public void Dispose()
    {
        _preparer.Dispose();
        _approver.Dispose();
    }

    private static string PlanYaml(DateOnly from) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: {{Plan}}
        effective_from: {{from:yyyy-MM-dd}}
        pool: company

        allowance:
          share: 25%
          basis: base
          mode: on-top
          period: month
          expires_after: P3M
          tax_class: work_compute

        signing_bonus:
          amount_usd: 2000
          within_days_of_hire: 30
          expires_after: P1Y
          tax_class: taxable_compute
        """);
}
