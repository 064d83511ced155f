using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Audit;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;
using Guerdon.Metering.Settlement;
using Guerdon.Notices;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Statements;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Database.Tamper;

/// <summary>
/// A small company with rows in many tables, sealed through yesterday, its seal saved; each test harms a copy.
/// </summary>
public sealed class TamperCompany : IAsyncLifetime
{
    private const string Plan = """
        name: engineers
        effective_from: 2026-11-01
        pool: engineers
        allowance: { share: 25%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
        eligible: { teams: [Engineering] }
        """;

    private static readonly HolderId Node = new(new Guid("00000000-0000-7000-8000-0000000000fe"));
    private readonly Company _company = new();

    /// <summary>The seal that somebody saved outside.</summary>
    public string SavedRoot { get; private set; } = "";

    internal static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _company.InitializeAsync();
        var scene = await PayScene.OpenAsync(_company);
        var ada = await scene.HireAsync(5_000);
        var bob = await scene.HireAsync();
        await _company.PlanAsync(Plan);
        await _company.RunAsync("engineers", "2026-11", dryRun: true);
        await GrantAsync();
        await scene.DecideAsync(await scene.LockAsync(ada, 1_000), "approve", PayScene.One);
        await scene.DecideAsync(await scene.LockAsync(ada, 500, "k2"), "decline", PayScene.One, "Not yet.");
        await scene.ClaimAsync(bob, "%PDF-1.7\n1 0 obj\n%%EOF\n"u8.ToArray());
        await BookAsync(new WalletId(ada.Value));
        await LinksAsync();
        await SealAsync(_company.Db);
        SavedRoot = (await SavedSeals.ListAsync(_company.Db, Ct))[^1].Root;
        Assert.Empty(await FindAsync(_company.Db));
    }

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    public Task<TestDatabase> CopyAsync() => _company.Database.CopyAsync();

    /// <summary>What verify finds, with the seal that was saved outside or without.</summary>
    public static async Task<List<string>> FindAsync(NpgsqlDataSource db, VerifyOptions? options = null)
    {
        var found = new List<string>();
        await foreach (var finding in VerifyCompany.RunAsync(db, null, options ?? new(), Ct)) found.Add($"{finding}");
        return found;
    }

    public VerifyOptions Saved() => new() { Saved = [SavedSeal.FromRoot(SavedRoot)!] };

    /// <summary>Seals 21 November, the day on which all of it happened, and any day before.</summary>
    public static Task<int> SealAsync(NpgsqlDataSource db) =>
        Seals.SealAsync(db, new TurnedClock { Now = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero) },
            TimeSpan.FromMinutes(10), Ct);

    private async Task GrantAsync()
    {
        var run = await _company.RunAsync("engineers", "2026-11");
        Assert.True(run.Status == System.Net.HttpStatusCode.OK, run.Body.ToString());
        if (await _company.ScalarAsync("select count(*) from compensation.grant_chunk where posted_at is not null") > 0)
            return;
        var id = run.Body.GetProperty("runId").GetString();
        var (status, body) = await _company.PostAsync($"/api/v1/grants/runs/{id}/approve", null, PayScene.Two);
        Assert.True(status == System.Net.HttpStatusCode.OK, body.ToString());
    }

    // An account that got its password by somebody's link, and for which somebody vouched.
    private async Task LinksAsync()
    {
        var options = Options.Create(new SignInOptions { PasswordIterations = 1_000 });
        var accounts = new AccountDirectory(_company.Db, _company.Clock, options);
        var links = new OneTimeLinks(_company.Db, accounts, new LinkNotices(), _company.Clock, options);
        var ann = (await accounts.CreateAsync(
            "ann@example.com", "Ann", [Roles.Administrator], null, "ann's own password", Ct))!;
        var lia = (await accounts.CreateAsync("lia@example.com", "Lia", [Roles.Board], null, null, Ct))!;
        var by = new Actor("ann@example.com", null) { Account = ann.Value.Value };
        var link = await links.MakeAsync(lia.Value, LinkPurpose.Open, by, Ct);
        Assert.True(await links.UseAsync(link.Path.Split('/')[^1], "lia's own password", Ct));
        await accounts.CreateServiceAsync("ci@example.com", "CI", [Roles.People], "a test", ann, Ct);
        Assert.Equal(1, await _company.Db.ExecuteAsync("""
            insert into host.account_vouch (link_id, vouched_at, reason, vouched_by)
            select link_id, used_at, 'x', 'a test' from host.one_time_link
            """, [], Ct));
    }

    private async Task BookAsync(WalletId wallet)
    {
        var journal = _company.Get<RequestJournal>();
        var noon = _company.Clock.Now.UtcDateTime;
        var price = _company.Get<PriceBook>().Find("gpt-5-mini", noon)!;
        var drawn = await _company.Get<LedgerWriter>().PostAsync(
            new() { Kind = TransferKind.Draw, Wallet = wallet, Holder = Node, Amount = new(50_000_000), Key = "d" },
            Ct);
        Assert.True(drawn.Done, $"{drawn.Refused}");
        for (var i = 0; i < 4; i++)
        {
            var opening = new Opening(
                wallet, new(Guid.CreateVersion7()), noon, Node, Guid.Empty, "gpt-5-mini", new(1_000_000));
            await journal.OpenAsync(opening);
            var usage = new Usage { Input = 1_000 * i, Output = 10 * i }; // the first costs nothing
            var cost = Cost.Of(price, usage, 1_000);
            journal.Close(new RequestRecord
            {
                Wallet = wallet, Id = opening.Id, StartedAt = noon, EndedAt = noon.AddSeconds(2),
                Source = Source.Gateway, Holder = Node, KeyId = Guid.Empty, Model = "gpt-5-mini", Provider = "openai",
                PriceId = price.Id, TokenValueNanos = 1_000, Usage = usage, Cost = cost, Charged = cost.Charge,
                Held = new(1_000_000), State = RecordState.Settled,
                Outcome = Guerdon.Metering.Requests.Outcome.Answered, HttpStatus = 200,
            });
            await journal.DrainAsync();
        }

        await _company.Get<Settlements>().OfWalletsAsync([wallet], null, Ct);
    }

    /// <summary>The guarded tables that have rows: enough that the tests below mean something.</summary>
    internal static async Task<List<GuardedTable>> FilledAsync(NpgsqlConnection connection)
    {
        var filled = new List<GuardedTable>();
        foreach (var table in SchemaText.Own.Guarded)
            if (await connection.ExecuteScalarAsync<bool>($"select exists (select from {table.Name})"))
                filled.Add(table);
        Assert.InRange(filled.Count, 14, 100);
        Assert.Contains(filled, table => table.Name == "host.one_time_link");
        Assert.Contains(filled, table => table.Name == "host.account_vouch");
        Assert.Contains(filled, table => table.Name == "host.service_owner");
        return filled;
    }
}
