using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Simulation;
using Guerdon.Simulation.Year;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Browser;

[CollectionDefinition(FullSite.Name)]
public sealed class FullSiteTests : ICollectionFixture<FullSite>;

/// <summary>A site of its own, whose company has some of all that pages show. Its tests run one by one.</summary>
public sealed class FullSite : IAsyncLifetime
{
    /// <summary>Of the collection of tests that share it.</summary>
    public const string Name = "a full company";

    /// <summary>Another administrator, who decides what the first asked for.</summary>
    public const string Second = "second@example.com";

    /// <summary>Somebody whose account belongs to nobody on file.</summary>
    public const string Nobody = "nobody@example.com";

    /// <summary>Somebody with some of everything.</summary>
    public static readonly string Employee = Company.Anna.Email;

    private readonly Dictionary<string, CompanyApi> _apis = [];
    private int _receipts;

    internal Site Site { get; } = new() { Days = 4 };

    /// <summary>The address that a candidate was sent.</summary>
    public string OfferLink { get; private set; } = "";

    /// <summary>A run that waits for the second administrator.</summary>
    public string Waiting { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Site.InitializeAsync();
        var accounts = Site.Services.GetRequiredService<AccountDirectory>();
        var tokens = Site.Services.GetRequiredService<ApiTokens>();
        await accounts.CreateAsync(Second, "Sam Second", Roles.Founder, null, Company.Password, default);
        await accounts.CreateAsync(Nobody, "Nadia Nobody", [Roles.Employee], null, Company.Password, default);
        foreach (var email in Company.People.Select(p => p.Email).Append(Company.Admin).Append(Second))
        {
            var account = (await accounts.FindByEmailAsync(email, default))!;
            _apis[email] = new(
                Site.Address, (await tokens.CreateAsync(account.Id, "full", default)).Token,
                async ct => (await Site.Services.GetRequiredService<OpenSessions>().OpenAsync(
                    account.Id, new(SessionKind.CommandLine, "127.0.0.1", "a test"),
                    TimeProvider.System.GetUtcNow(), ct)).Secret);
        }

        // So that there is one beside the browser's own that they can end.
        await Site.Services.GetRequiredService<OpenSessions>().OpenAsync(
            (await accounts.FindByEmailAsync(Employee, default))!.Id,
            new(SessionKind.CommandLine, "127.0.0.1", "another machine"), TimeProvider.System.GetUtcNow(), default);
        await LinkedAsync(accounts);
        await PlansAsync();
        await RunsAsync();
        await PayAsync();
        await OffersAsync();
        await RestAsync();
    }

    // An account that got its password by the second administrator's link, so that the first may vouch for it.
    private async Task LinkedAsync(AccountDirectory accounts)
    {
        var links = Site.Services.GetRequiredService<OneTimeLinks>();
        var second = (await accounts.FindByEmailAsync(Second, default))!;
        var id = await accounts.CreateAsync("linked@example.com", "Lin Linked", [Roles.Board], null, null, default);
        var made = await links.MakeAsync(
            id!.Value, LinkPurpose.Open, new Actor(Second, null) { Account = second.Id.Value }, default);
        await links.UseAsync(made.Path.Split('/')[^1], Company.Password, default);
        // And one that nobody has a part in, the first by address, to whom roles are given.
        await accounts.CreateAsync("a@example.com", "Abe", [Roles.Employee], null, Company.Password, default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var api in _apis.Values) api.Dispose();
        await Site.DisposeAsync();
    }

    private static DateOnly Month
    {
        get
        {
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            return new(today.Year, today.Month, 1);
        }
    }

    private static string Period => Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private CompanyApi First => _apis[Company.Admin];

    internal CompanyApi ApiOf(string email) => _apis[email];

    private async Task PlansAsync()
    {
        var from = Month.AddMonths(-1);
        await FileAsync("plans", FullFiles.Plan("allowance-2026", "5%", from), "text/yaml");
        await FileAsync("plans", FullFiles.Plan("allowance-2026", "6%", Month), "text/yaml");
        await FileAsync("plans", FullFiles.TeamPlan("support-extra", "Support", Month), "text/yaml");
        await FileAsync("plans", FullFiles.TeamPlan("finance-extra", "Finance", Month), "text/yaml");
        await FileAsync("plans", FullFiles.PhasedPlan("rollout", Month), "text/yaml");
        await FileAsync("payroll", FullFiles.Payroll(from), "text/yaml");
        await FileAsync("conversion-terms", FullFiles.Terms(from), "text/yaml");
        await First.PostAsync("plans/rollout/phases/developers", new
        {
            report = "Eight of nine people of the pilot used it each week.",
            beginsOn = Month.AddMonths(1).ToString("yyyy-MM-dd", null),
        }, default);
    }

    private async Task RunsAsync()
    {
        await PostedAsync("grants/runs", new { plan = "allowance-2026", period = Period });
        Waiting = Run(await First.PostAsync("grants/runs", new { plan = "support-extra", period = Period }, default));
        await _apis[Second].PostAsync("grants/runs", new { plan = "finance-extra", period = Period }, default);
        string[] names = [Employee, "bo@example.com", "femi@example.com", "gil@example.com"];
        var given = names.SelectMany(person => new[] { "spot", "stay", "rest" }.Select(award => new
        {
            person, award, reason = "For the release that went out without a night shift.",
        }));
        var awards = await PostedAsync(
            "grants/awards", new { plan = "allowance-2026", period = Period, awards = given });
        var lines = (await First.GetAsync($"grants/runs/{awards}/lines", default)).GetProperty("lines");
        var stay = lines.EnumerateArray().First(l => l.GetProperty("explanation").GetString()!.Contains(
            "stay", StringComparison.Ordinal)).GetProperty("number").GetInt32();
        await First.PostAsync($"grants/runs/{awards}/lines/{stay}/vesting", new
        {
            kind = "acceleration", happenedOn = Month.ToString("yyyy-MM-dd", null), reason = "Agreed on promotion.",
        }, default);
    }

    private async Task PayAsync()
    {
        await ConvertAsync(Employee, "approve");
        await ConvertAsync(Employee, null);
        await ConvertAsync("bo@example.com", "decline");
        var undone = await ConvertAsync("femi@example.com", "approve");
        await First.PostAsync($"conversions/{undone}/reversal", new { reason = "Paid twice by mistake." }, default);
        await ConvertAsync("gil@example.com", null);
        await ClaimAsync("femi@example.com", null);
        await ClaimAsync("femi@example.com", null);
        await ClaimAsync(Employee, "approve");
        await ClaimAsync(Employee, null);
        await ClaimAsync("gil@example.com", "decline");
        foreach (var layout in (string[])["plain", "adp"])
            await First.TextAsync(HttpMethod.Post, $"payroll/export?layout={layout}&period={Period}", default);
    }

    private async Task OffersAsync()
    {
        var ours = await FileAsync("offers", FullFiles.Offer("ada-2027", "Analytical Engines", isOurs: true),
            "text/yaml");
        await FileAsync("offers", FullFiles.Offer("ada-elsewhere", "Difference Ltd", isOurs: false), "text/yaml");
        var id = ours.GetProperty("offer").GetProperty("id").GetString();
        var shared = await First.PostAsync($"offers/{id}/links", new { days = 10 }, default);
        OfferLink = new Uri(shared.GetProperty("url").GetString()!).PathAndQuery;
    }

    private async Task RestAsync()
    {
        await _apis[Employee].PostAsync("tiers/requests", new
        {
            plan = "allowance-2026", tier = "expert", useCase = "Reviews of every change before people look.",
            impact = "Twelve faults a month found before they went out.",
        }, default);
        foreach (var name in (string[])["Claude Code on my laptop", "Codex at the desk"])
            await _apis[Employee].PostAsync("keys", new { name }, default);
        await First.FileAsync("prices/proposals?format=csv&name=prices.csv", YearFiles.PricesCsv, "text/csv", default);
        // As somebody's preview of a report leaves them: what has no page is shown by its command. So old that it waits
        // and is no alarm any more, of which this company has none.
        await using var corrections = Site.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            insert into metering.reconciliation (reconciliation_id, provider, from_day, to_day, content, corrections,
                                                 refund_milli, charge_milli, made_by, made_at)
            values (gen_random_uuid(), 'openai', current_date - 34, current_date, sha256('x'), 1204, 73000, 200,
                    'third@example.com', now() - interval '32 days')
            """);
        await corrections.ExecuteNonQueryAsync();
    }

    private Task<JsonElement> FileAsync(string path, string text, string type) =>
        new AppliedFiles(First, _apis[Second]).ApplyAsync(path, text, type, default);

    private static string Run(JsonElement reply) => reply.GetProperty("runId").GetString()!;

    private async Task<string> PostedAsync(string path, object body)
    {
        var run = Run(await First.PostAsync(path, body, default));
        var digest = (await First.GetAsync($"grants/runs/{run}", default)).GetProperty("digest").GetString();
        await _apis[Second].PostAsync($"grants/runs/{run}/approve", new { digest }, default);
        for (var state = ""; state != "posted"; await Task.Delay(100))
            state = (await First.GetAsync($"grants/runs/{run}", default)).GetProperty("state").GetString();
        return run;
    }

    private async Task<string> ConvertAsync(string email, string? decision)
    {
        var asked = await _apis[email].PostAsync("people/me/conversions", new
        {
            key = Guid.NewGuid().ToString("N"), form = "cash", tokensMilli = 60_000_000_000L,
        }, default);
        var id = asked.GetProperty("conversion").GetProperty("id").GetString()!;
        if (decision is not null)
            await _apis[Second].PostAsync($"conversions/{id}/{decision}", new { reason = "Not this month." }, default);
        return id;
    }

    private async Task ClaimAsync(string email, string? decision)
    {
        var id = await FileClaimAsync(email, "OpenAI Ireland Limited", "20.00");
        if (decision is not null)
            await _apis[Second].PostAsync($"claims/{id}/{decision}", new { reason = "Of another year." }, default);
    }

    /// <summary>Files a claim with a receipt of its own, that nobody has decided.</summary>
    internal async Task<string> FileClaimAsync(string email, string vendor, string amount)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in new[]
        {
            ("vendor", vendor), ("service", "ChatGPT Plus"),
            ("spentOn", $"{TimeProvider.System.GetUtcNow().AddDays(-3):yyyy-MM-dd}"), ("amount", amount),
            ("currency", "EUR"), ("purpose", "Drafts of the handbook's chapters on travel and on parental leave"),
        }) form.Add(new StringContent(value), name);
        var receipt = new ByteArrayContent(Encoding.ASCII.GetBytes($"%PDF-1.4\n% receipt {++_receipts}\n%%EOF\n"));
        receipt.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        form.Add(receipt, "receipt", "receipt.pdf");
        var filed = await _apis[email].FormAsync("claims", form, default);
        return filed.GetProperty("claim").GetProperty("id").GetString()!;
    }
}
