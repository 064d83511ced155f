using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dapper;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Keys;
using Guerdon.Ledger;
using Guerdon.Metering.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Gateway;

/// <summary>
/// One wallet's calls on two nodes, in all the ways in which calls go wrong, while the policy changes: what a provider
/// answered is booked once, to the token, nothing stays held, and another person is answered throughout.
/// </summary>
public sealed class AttackTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const string Theirs =
        """{"model":"gpt-5-mini","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""";

    private readonly GatewayServer _gateway = new();
    private ScriptedProvider _provider = null!;
    private int _output, _answers;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        _provider.Answer = AnswerAsync;
        _gateway.Settings["Gateway:Providers:openai:BaseUrl"] = _provider.Url;
        _gateway.Settings["Gateway:Admission:WaitForTokens"] = "00:00:00.3";
        await _gateway.InitializeAsync();
        await _gateway.ScaleAsync(2);
    }

    [Fact]
    public async Task OneWalletUnderAttackOnTwoNodes_EveryAnswerIsBookedOnceAndOthersAreAnswered()
    {
        var (key, wallet) = await _gateway.KeyAsync(3_000_000);
        const long granted = 3_000_000_000;
        var budgeted = (await _gateway.Services.GetRequiredService<CreateKey.IssueKey>().RunAsync(
            wallet, new(null, "budget", null, 100_000_000, null), Ct)).Key;
        var (theirs, _) = await _gateway.KeyAsync(10_000_000);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var (policies, others) = (ChangePoliciesAsync(over.Token), BeAnsweredAsync(theirs, over.Token));

        var attack = Enumerable.Range(0, 16).Select(async worker =>
        {
            for (var turn = 0; turn < 14; turn++)
                await StrikeAsync((worker + turn) % 3 == 0 ? budgeted : key, worker * 7 + turn * 3, turn % 2);
        });
        await Task.WhenAll(attack);
        await over.CancelAsync();
        await policies;
        Assert.InRange(await others, 1, 10_000); // each answer is asserted; how many there are is the machine's doing

        var records = await SettledAsync(wallet);
        Assert.Equal(_answers, records.Count(record => record.Provider == "openai" && record.Http_Status == 200));
        Assert.Equal(_output, records.Sum(record => record.Output));
        Assert.InRange(_answers, 10, 16 * 14 * 2); // policies change by the clock: a busy machine answers less
        var balance = await _gateway.SettledBalanceAsync(wallet);
        var charged = records.Sum(record => record.Charged_Milli);
        Assert.Equal((granted - charged, 0L, charged),
            (balance.Available.Milli, balance.Escrow.Milli, balance.Spent.Milli));
        Assert.InRange(charged, 1, granted);
        await foreach (var finding in VerifyEverything.RunAsync(_gateway.Db, null, Ct)) Assert.Fail($"{finding}");
        await foreach (var finding in VerifyBudgets.RunAsync(_gateway.Db, Ct)) Assert.Fail($"{finding}");
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        Assert.InRange(await connection.ExecuteScalarAsync<long>("select max(taken_milli) from gateway.key_budget"),
            1, 100_000_000);
    }

    private async Task StrikeAsync(string key, int kind, int node)
    {
        try
        {
            switch (kind % 6)
            {
                case 0: // a stream, read to its end
                    using (var stream = await _gateway.PostAsync(Path, key, Body(stream: true), node: node))
                        await stream.Content.ReadAsStringAsync(Ct);
                    break;
                case 1: // a stream, left at its first bytes
                    (await _gateway.PostAsync(Path, key, Body(stream: true), node: node)).Dispose();
                    break;
                case 2: // a call, left before its answer
                    using (var impatient = CancellationTokenSource.CreateLinkedTokenSource(Ct))
                    {
                        impatient.CancelAfter(5);
                        (await _gateway.PostAsync(Path, key, Body(), ct: impatient.Token, node: node)).Dispose();
                    }

                    break;
                case 3: // a large one
                    (await _gateway.PostAsync(Path, key, Body(text: new string('w', 8_000)), node: node)).Dispose();
                    break;
                case 4: // the same twice at once, under one name, on both nodes
                    var twice = await Task.WhenAll(
                        SendAsync(key, $"twice-{kind}", 0), SendAsync(key, $"twice-{kind}", 1));
                    foreach (var answer in twice) answer.Dispose();
                    break;
                default: // a body that breaks off
                    await BreakOffAsync(key, node);
                    break;
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // It hung up, or was hung up on.
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string key, string name, int node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.NodeAddress(node), Path))
        {
            Content = new StringContent(Body(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("Idempotency-Key", name);
        return await _gateway.Http.SendAsync(request, Ct);
    }

    private async Task BreakOffAsync(string key, int node)
    {
        var address = _gateway.NodeAddress(node);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Ct);
        var text = string.Create(CultureInfo.InvariantCulture, $"POST {Path} HTTP/1.1\r\nHost: {address.Authority}\r\n")
            + $"Authorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{Body()}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Ct);
    }

    private async Task ChangePoliciesAsync(CancellationToken over)
    {
        for (var turn = 0; !over.IsCancellationRequested; turn++)
        {
            var policy = turn % 3 == 0 ? "models: {deny: [gpt-6-luna]}" : "models: {deny: [claude-fable*]}";
            var (status, said) = await _gateway.AskAsync(
                HttpMethod.Post, "/api/v1/gateway-policy", policy, node: turn % 2);
            Assert.True(status == 200, said.ToString());
            await Task.Delay(120, Ct);
        }
    }

    // How often another person was answered, which they always were.
    private async Task<int> BeAnsweredAsync(string key, CancellationToken over)
    {
        var count = 0;
        for (; !over.IsCancellationRequested; count++)
        {
            using var answer = await _gateway.PostAsync(Path, key, Theirs, node: count % 2)
                .WaitAsync(TimeSpan.FromSeconds(30), Ct);
            Assert.Equal(200, (int)answer.StatusCode);
            await Task.Delay(50, Ct);
        }

        return count;
    }

    private async Task AnswerAsync(HttpContext http, string body)
    {
        if (body == Theirs)
        {
            await ScriptedProvider.SayAsync(
                http, 200, ScriptedProvider.Good.Replace("gpt-6-luna", "gpt-5-mini", StringComparison.Ordinal));
            return;
        }

        // It works on, whoever listens, and bills what it made.
        var output = 1 + Interlocked.Increment(ref _answers) % 30;
        Interlocked.Add(ref _output, output);
        await Task.Delay(output * 4, CancellationToken.None);
        var usage = "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":"
            + output.ToString(CultureInfo.InvariantCulture) + "}";
        if (!body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await ScriptedProvider.SayAsync(http, 200, "{\"object\":\"chat.completion\",\"model\":\"gpt-6-luna\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},"
                + "\"finish_reason\":\"stop\"}]," + usage + "}");
            return;
        }

        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < 5; i++)
        {
            await http.Response.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(20, CancellationToken.None);
        }

        await http.Response.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
            + "data: {\"choices\":[]," + usage + "}\n\ndata: [DONE]\n\n");
    }

    private static string Body(bool stream = false, string text = "Hi") => (stream ? "{\"stream\":true," : "{")
        + "\"model\":\"gpt-6-luna\",\"max_tokens\":40,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text + "\"}]}";

    // Once what was left is drained.
    private async Task<IReadOnlyList<GatewayServer.Booked>> SettledAsync(WalletId wallet)
    {
        var rows = await _gateway.RecordsAsync(wallet);
        for (var tries = 0; tries < 100; tries++)
        {
            var isQuiet = _gateway.Nodes.All(node => node.GetRequiredService<CallAdmission>().IsQuiet);
            rows = await _gateway.RecordsAsync(wallet, rows.Count);
            if (isQuiet) return rows;
            await Task.Delay(100, Ct);
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
