using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Gateway;
using Guerdon.Database.Grants;
using Guerdon.Grants.Plans;
using Guerdon.Ledger;
using Guerdon.People.Employees;
using Guerdon.Plans;

namespace Guerdon.Database.Policies;

/// <summary>Rules for those of a plan or a team, through a gateway before a sandbox.</summary>
public sealed class PolicySectionTests : IAsyncLifetime
{
    private const string Root = "/api/v1/gateway-policy";
    private const string Chat = "/v1/chat/completions";
    private const string ChatBody =
        """{"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""";
    private const string Claude =
        """{"model":"claude-haiku-4-5","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""";
    private const string GeminiCall = "/v1beta/models/gemini-2.5-flash:generateContent";
    private const string GeminiBody = """{"contents":[{"parts":[{"text":"Hi"}]}]}""";
    private const string Pilot = """
        name: pilot
        effective_from: 2026-01-01
        pool: work
        allowance: {share: 25%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute}
        eligible: {levels: [L5]}
        """;

    private const string Policy = """
        models: {deny: [gpt-6-luna]}
        for:
          - plan: pilot
            models: {deny: [claude-*]}
            zero_rated: [gpt-6-sol]
            rates: [{per: person, models: ["gpt-*", "gemini-*"], requests: 2, window: 1h}]
            max_body_bytes: 500
          - team: Sales
            models: {allow: ["*"]}
        """;

    private readonly GatewayServer _gateway = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _gateway.InitializeAsync();
        await ImportAsync(("ada@example.com", "Engineering", "L5"), ("bo@example.com", "Engineering", "L3"),
            ("cy@example.com", "Sales/North", "L3"));
        var (plan, _) = PlanFile.Read(Pilot);
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await PlanStore.AddAsync(connection, plan!, Pilot, "a test", TimeProvider.System, Ct);
        await transaction.CommitAsync(Ct);
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private async Task ImportAsync(params (string Email, string Team, string Level)[] people)
    {
        var rows = people.Select(
            p => $"{p.Email},Somebody,{p.Team},Engineer,{p.Level},US,CC1,2024-01-15,,1000,1000,USD,\n");
        using var csv = new MemoryStream(Encoding.UTF8.GetBytes(Company.Header + string.Concat(rows)));
        Assert.Empty((await ImportPeople.RunAsync(csv, false, _gateway.Db, TimeProvider.System, Ct)).Errors);
    }

    private async Task<(string Key, WalletId Wallet)> KeyOfAsync(string email)
    {
        var person = await new PeopleDirectory(_gateway.Db).FindAsync(email, Ct);
        var wallet = new WalletId(person!.Id.Value);
        return (await _gateway.KeyToAsync(wallet, new(20_000_000_000)), wallet);
    }

    private async Task<(int Status, JsonElement Error)> CallAsync(
        string key, string path = Chat, string body = ChatBody, int node = 0)
    {
        using var answer = await _gateway.PostAsync(path, key, body, node: node);
        var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
        return ((int)answer.StatusCode, json.TryGetProperty("error", out var error) ? error : json);
    }

    private async Task<string> RefusedAsync(int status, string key, string path, string body)
    {
        var (answered, error) = await CallAsync(key, path, body);
        Assert.True(answered == status, error.ToString());
        return error.GetProperty("message").GetString()!;
    }

    private async Task ApplyAsync(string yaml)
    {
        var (status, body) = await _gateway.AskAsync(HttpMethod.Post, Root, yaml);
        Assert.True(status == 200, body.ToString());
    }

    [Fact]
    public async Task Sections_BindTheirMembersAndNobodyElse()
    {
        await ApplyAsync(Policy);
        var (ada, wallet) = await KeyOfAsync("ada@example.com");
        var (bo, _) = await KeyOfAsync("bo@example.com");
        var (cy, _) = await KeyOfAsync("cy@example.com");

        Assert.Contains("models.deny has 'gpt-6-luna' in policy version 1.",
            await RefusedAsync(403, bo, Chat, ChatBody), StringComparison.Ordinal);
        Assert.Equal(200, (await CallAsync(bo, "/v1/messages", Claude)).Status);
        Assert.Equal(200, (await CallAsync(cy)).Status);
        Assert.Equal(403, (await CallAsync((await _gateway.KeyAsync(1_000)).Key)).Status); // nobody's wallet

        Assert.Contains("models.deny has 'claude-*' in policy version 1 for plan pilot.",
            await RefusedAsync(403, ada, "/v1/messages", Claude), StringComparison.Ordinal);
        Assert.Contains("(max_body_bytes in policy version 1 for plan pilot)",
            await RefusedAsync(413, ada, Chat, ChatBody + new string(' ', 500)), StringComparison.Ordinal);
        Assert.Equal(200, (await CallAsync(ada)).Status);
        using (var free = await _gateway.PostAsync(
            Chat, ada, ChatBody.Replace("luna", "sol", StringComparison.Ordinal), node: 0))
            Assert.Equal("0.000", Assert.Single(free.Headers.GetValues("x-guerdon-charge")));
        const string rule = "rule 1 for plan pilot: 2 requests an hour per person of gpt-*, gemini-*";
        Assert.Contains(rule, await RefusedAsync(429, ada, Chat, ChatBody), StringComparison.Ordinal);
        Assert.Contains(rule, await RefusedAsync(429, ada, GeminiCall, GeminiBody), StringComparison.Ordinal);
        Assert.Equal(2, (await _gateway.RecordsAsync(wallet, 2)).Count);
    }

    [Fact]
    public async Task Sections_PeopleMove_AreHeardOnEveryNodeWithinASecond()
    {
        await _gateway.ScaleAsync(2);
        await ApplyAsync(Policy);
        var (key, _) = await KeyOfAsync("bo@example.com");
        Assert.Equal(403, (await CallAsync(key)).Status);

        await ImportAsync(("bo@example.com", "Sales", "L3"));
        var since = Stopwatch.StartNew();
        for (var node = 0; node < 2; node++)
            while ((await CallAsync(key, node: node)).Status != 200 && since.Elapsed < 2 * GatewayServer.Busy)
                await Task.Delay(20, Ct);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1) + GatewayServer.Busy);
    }

    [Fact]
    public async Task Show_Caller_ReadsWhichSectionBindsThem()
    {
        await ApplyAsync(Policy);
        foreach (var (email, whom) in ((string, string?)[])
            [("ada@example.com", "plan pilot"), ("cy@example.com", "team Sales"), ("bo@example.com", null)])
        {
            var person = await new PeopleDirectory(_gateway.Db).FindAsync(email, Ct);
            var (_, shown) = await _gateway.AskAsync(HttpMethod.Get, Root, caller: person!.Id.ToString());
            Assert.Equal(whom, shown.GetProperty("for").GetString());
        }
    }

    [Theory]
    [InlineData("plan: pilt", "for[1].plan is 'pilt', not a plan that was applied. There are: pilot.")]
    [InlineData("team: Sale", "for[1].team is 'Sale', not a team of anybody's. There are: ")]
    public async Task CheckAndApply_UnknownGroup_NameItsPlace(string whom, string reason)
    {
        var yaml = $"for:\n  - {whom}\n    rates: none";
        foreach (var path in (string[])["/check", ""])
        {
            var (status, body) = await _gateway.AskAsync(HttpMethod.Post, Root + path, yaml);
            Assert.Equal(422, status);
            var error = Assert.Single(body.GetProperty("errors").EnumerateArray());
            Assert.Equal((2, 11), (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32()));
            Assert.Contains(reason, error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(JsonValueKind.Null,
            (await _gateway.AskAsync(HttpMethod.Get, Root)).Body.GetProperty("policy").ValueKind);
    }
}
