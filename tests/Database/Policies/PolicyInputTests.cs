using System.Globalization;
using System.Text;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Database.Gateway;
using Guerdon.Database.Grants;
using Guerdon.People.Employees;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Policies;

/// <summary>What lets more pass takes two, as does opening the gateway; what refuses more takes one.</summary>
public sealed class PolicyInputTests : IAsyncLifetime
{
    private const string Root = "/api/v1/gateway-policy";
    private const string Ann = "admin:ann@example.com", Bob = "admin:bob@example.com";

    private readonly GatewayServer _gateway = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AdminCount Deciders => (AdminCount)_gateway.Services.GetRequiredService<IDeciders>();

    public async ValueTask InitializeAsync() => await _gateway.InitializeAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private Task<(int Status, JsonElement Body)> SendAsync(string body, string path = "", string caller = Ann) =>
        _gateway.SendAsync(HttpMethod.Post, Root + path, body, caller);

    private async Task<JsonElement> WaitsAsync(string body, string path = "", string caller = Ann)
    {
        var (status, said) = await SendAsync(body, path, caller);
        Assert.True(status == 202, said.ToString());
        return said.GetProperty("waits");
    }

    private async Task<string?> InForceAsync() =>
        (await _gateway.AskAsync(HttpMethod.Get, Root)).Body.GetProperty("policy") is
            { ValueKind: JsonValueKind.Object } policy ? policy.GetProperty("text").GetString() : null;

    private static string? Code(JsonElement body) => body.GetProperty("title").GetString();

    // So many people of each team: a0@example.com, a1@example.com, and so on.
    private async Task ImportAsync(params (string Team, int Count)[] teams)
    {
        var rows = teams.SelectMany(team => Enumerable.Range(0, team.Count).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{team.Team}{i}@example.com,Somebody,{team.Team},Engineer,L3,US,CC1,2024-01-15,,1000,1000,USD,\n")));
        using var csv = new MemoryStream(Encoding.UTF8.GetBytes(Company.Header + string.Concat(rows)));
        Assert.Empty((await ImportPeople.RunAsync(csv, false, _gateway.Db, TimeProvider.System, Ct)).Errors);
        Deciders.People = new PeopleDirectory(_gateway.Db);
    }

    [Fact]
    public async Task Policy_RefusingMore_IsInForceAtOnceAndTakingItBackWaits()
    {
        Assert.Equal(200, (await SendAsync("models: {deny: [gpt-6-luna]}")).Status);
        Assert.Equal(200, (await SendAsync("models: {deny: [gpt-6-luna, gpt-6-sol]}", caller: Bob)).Status);

        var waits = await WaitsAsync("models: {deny: [gpt-6-sol]}");
        Assert.Equal("models: {deny: [gpt-6-luna, gpt-6-sol]}", await InForceAsync());
        Assert.Contains(waits.GetProperty("changes").EnumerateArray(), change =>
            change.GetProperty("what").GetString() == "model gpt-6-luna"
            && change.GetProperty("after").GetString() == "approved");
        Assert.Equal(403, (await _gateway.ApproveAsync(waits, Ann)).Status);
        var done = await _gateway.ApproveAsync(waits, Bob);
        Assert.True(done.Status == 200, done.Body.ToString());
        Assert.Equal("models: {deny: [gpt-6-sol]}", await InForceAsync());
        var applied = done.Body.GetProperty("applied").GetProperty("policy");
        Assert.Equal((3, "ann@example.com"),
            (applied.GetProperty("version").GetInt32(), applied.GetProperty("appliedBy").GetString()));
        Assert.Equal(200, (await SendAsync("models: {deny: [gpt-6-sol]}")).Status); // it is so already
    }

    [Fact]
    public async Task Policy_SentAgainThatDay_IsTheSameProposal()
    {
        var first = await WaitsAsync("zero_rated: [gpt-6-sol]");
        var again = await WaitsAsync("zero_rated: [gpt-6-sol]");
        Assert.Equal(first.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.Equal(first.GetProperty("digest").GetString(), again.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Policy_AnotherInForceMeanwhile_IsLookedAtAgain()
    {
        var waits = await WaitsAsync("zero_rated: [gpt-6-sol]");
        Assert.Equal(200, (await SendAsync("models: {deny: [gpt-6-luna]}")).Status);
        var (status, said) = await _gateway.ApproveAsync(waits, Bob);
        Assert.Equal((409, "approvals.input_changed"), (status, Code(said)));
        Assert.Equal("models: {deny: [gpt-6-luna]}", await InForceAsync());
    }

    // v2 comes in force later, lets more pass, and was approved for then: what is within it is not within v1.
    [Fact]
    public async Task Policy_WithinALaterOneAlone_Waits()
    {
        Assert.Equal(200, (await SendAsync("models: {deny: [gpt-6-luna, gpt-6-sol]}")).Status);
        var later = await WaitsAsync("models: {deny: [gpt-6-sol]}", "?from=2199-01-01T00:00:00Z");
        Assert.Equal(200, (await _gateway.ApproveAsync(later, Bob)).Status);
        await WaitsAsync("models: {deny: [gpt-6-sol, gpt-6-terra]}");
        // Within both it is in force.
        Assert.Equal(200, (await SendAsync("models: {deny: [gpt-6-luna, gpt-6-sol, gpt-6-terra]}")).Status);
    }

    [Theory]
    [InlineData("zero_rated: [gpt-6-sol]", 25, 0, "25 people", true)] // for all: one of them may
    [InlineData("zero_rated: [gpt-6-sol]", 10, 0, "10 people", false)] // all are few
    [InlineData("for: [{team: a, zero_rated: [gpt-6-sol]}]", 5, 25, "5 people", false)] // for few
    [InlineData("for: [{team: a, zero_rated: [gpt-6-sol]}]", 25, 5, "25 people", true)]
    public async Task Policy_ForFew_IsApprovedByNoneOfThem(
        string policy, int inA, int inB, string reaches, bool may)
    {
        await ImportAsync(("a", inA), ("b", inB));
        var waits = await WaitsAsync(policy);
        Assert.Equal(reaches, $"{waits.GetProperty("reach").GetInt32()} people");

        var one = await _gateway.SendAsync(
            HttpMethod.Get, $"/api/v1/inputs/{waits.GetProperty("id").GetString()}", caller: "admin:a0@example.com");
        Assert.Equal(may, one.Body.GetProperty("youMay").GetBoolean());
        Assert.Contains("model gpt-6-sol from approved to approved, zero-rated",
            one.Body.GetProperty("onYou").GetString(), StringComparison.Ordinal);
        Assert.Equal(may ? 200 : 403, (await _gateway.ApproveAsync(waits, "admin:a0@example.com")).Status);
    }

    [Fact]
    public async Task Policy_ForFew_IsApprovedByAnother()
    {
        await ImportAsync(("a", 5), ("b", 25));
        var waits = await WaitsAsync("for: [{team: a, zero_rated: [gpt-6-sol]}]");
        Assert.Equal(200, (await _gateway.ApproveAsync(waits, "admin:b0@example.com")).Status);
    }

    // Each step is for many; both together are for five.
    [Fact]
    public async Task Policy_ForAllThenTakenFromOthers_IsApprovedByNoneOfTheFew()
    {
        await ImportAsync(("a", 5), ("b", 25));
        var first = await WaitsAsync("zero_rated: [gpt-6-sol]", caller: "admin:a0@example.com");
        Assert.Equal(200, (await _gateway.ApproveAsync(first, "admin:a1@example.com")).Status);
        var second = await WaitsAsync("for: [{team: a, zero_rated: [gpt-6-sol]}]", caller: "admin:a0@example.com");
        Assert.Equal(403, (await _gateway.ApproveAsync(second, "admin:a1@example.com")).Status);
        Assert.Equal(200, (await _gateway.ApproveAsync(second, "admin:b0@example.com")).Status);
    }

    [Fact]
    public async Task Open_AnotherIsThere_WaitsForThem()
    {
        Assert.Equal(200, (await SendAsync("""{"reason":"A key leaked."}""", "/close")).Status);
        var waits = await WaitsAsync("{}", "/open");
        var change = Assert.Single(waits.GetProperty("changes").EnumerateArray());
        Assert.Equal(("closed", "A key leaked."),
            (change.GetProperty("what").GetString(), change.GetProperty("before").GetString()));
        Assert.Equal(403, (await _gateway.ApproveAsync(waits, Ann)).Status);
        Assert.Equal(503, await CallAsync());

        // Closed again for another reason, it is another opening.
        Assert.Equal(200, (await SendAsync("""{"reason":"Two keys leaked."}""", "/close", Bob)).Status);
        Assert.Equal("approvals.input_changed", Code((await _gateway.ApproveAsync(waits, Bob)).Body));
        var done = await _gateway.ApproveAsync(await WaitsAsync("{}", "/open"), Bob);
        Assert.True(done.Body.GetProperty("applied").GetProperty("done").GetBoolean());
        Assert.Equal(200, await CallAsync());
    }

    [Fact]
    public async Task Open_NobodyElseMayApproveIt_IsAtOnce()
    {
        (Deciders.Count, Deciders.Outside) = (1, 0);
        Assert.Equal(200, (await SendAsync("""{"reason":"A key leaked."}""", "/close")).Status);
        Assert.Equal(503, await CallAsync());
        Assert.Equal(200, (await SendAsync("{}", "/open")).Status);
        Assert.Equal(200, await CallAsync());
    }

    private async Task<int> CallAsync()
    {
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        using var answer = await _gateway.PostAsync(
            "/v1/chat/completions", key, """{"model":"gpt-6-luna","messages":[{"role":"user","content":"Hi"}]}""");
        return (int)answer.StatusCode;
    }
}
