using System.ClientModel;
using System.Text;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using OpenAI.Files;
using OpenAI.FineTuning;

namespace Guerdon.Database.Gateway;

#pragma warning disable OPENAI001 // the tuning client is marked experimental by its own package

/// <summary>Training files and tuning jobs: whose they are, what they hold, and what they cost.</summary>
public sealed class TuningTests(TuningServer server) : IClassFixture<TuningServer>
{
    private const string Jobs = "/v1/fine_tuning/jobs";
    private const long Held = 400 * 2 * TuningServer.Rate; // bytes, epochs, rate
    private const long Cost = 100 * 2 * TuningServer.Rate; // tokens, epochs, rate
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sdk_UploadCreateWaitList_IsHeldAndSettledExactly()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var sdk = server.Sdk(key);
        OpenAIFile file = await sdk.GetOpenAIFileClient().UploadFileAsync(
            new MemoryStream(TuningServer.File), "train.jsonl", FileUploadPurpose.FineTune, Ct);
        Assert.Equal(400, file.SizeInBytes);
        var tuning = sdk.GetFineTuningClient();
        var job = await tuning.FineTuneAsync(TuningServer.Model, file.Id, waitUntilCompleted: false, new()
        {
            TrainingMethod = FineTuningTrainingMethod.CreateSupervised(epochCount: 2),
        }, Ct);

        Assert.Equal("running", job.Status.ToString());
        var balance = await server.BalanceAsync(wallet);
        Assert.Equal((10_000 - Held, Held), (balance.Available.Milli / 1_000, balance.Escrow.Milli / 1_000));
        await server.AssertVerifiedAsync(); // while it is open

        server.Clock.Now += TimeSpan.FromMinutes(11);
        await job.UpdateStatusAsync(Ct);
        Assert.Equal("succeeded", job.Status.ToString());
        var (_, said) = await server.AskAsync(HttpMethod.Get, $"{Jobs}/{job.JobId}", key); // the package leaves it out
        Assert.Equal(200, said.GetProperty("trained_tokens").GetInt64());
        Assert.Equal(new Tokens(Cost * 1_000).ToString(),
            said.GetProperty("guerdon").GetProperty("charged").GetString());
        balance = await server.BalanceAsync(wallet);
        Assert.Equal((10_000 - Cost, 0L, Cost), (
            balance.Available.Milli / 1_000, balance.Escrow.Milli, balance.Spent.Milli / 1_000));
        var record = Assert.Single(await server.Gateway.RecordsAsync(wallet));
        Assert.Equal((200, Cost * 1_000, (short)RecordState.Settled, (short)Outcome.Answered),
            (record.Input, record.Charged_Milli, record.State, record.Outcome));
        await server.AssertVerifiedAsync();

        var listed = new List<FineTuningJob>();
        await foreach (var one in tuning.GetJobsAsync(cancellationToken: Ct)) listed.Add(one);
        Assert.Equal(job.JobId, Assert.Single(listed).JobId);
        var events = new List<FineTuningEvent>();
        await foreach (var one in job.GetEventsAsync(new(), Ct)) events.Add(one);
        Assert.NotEmpty(events);
        OpenAIFileCollection files = await sdk.GetOpenAIFileClient().GetFilesAsync(Ct);
        Assert.Equal(file.Id, Assert.Single(files).Id);
        FileDeletionResult deleted = await sdk.GetOpenAIFileClient().DeleteFileAsync(file.Id, Ct);
        Assert.True(deleted.Deleted);
        var gone = await Assert.ThrowsAsync<ClientResultException>(
            () => sdk.GetOpenAIFileClient().GetFileAsync(file.Id, Ct));
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task Cancelled_BySdk_CostsNothing()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var file = await server.FileAsync(key);
        var job = await server.Sdk(key).GetFineTuningClient().FineTuneAsync(
            TuningServer.Model, file, waitUntilCompleted: false, new()
            {
                TrainingMethod = FineTuningTrainingMethod.CreateSupervised(epochCount: 2),
            }, Ct);
        await job.CancelAndUpdateAsync(Ct);

        Assert.Equal("cancelled", job.Status.ToString());
        var balance = await server.BalanceAsync(wallet);
        Assert.Equal((10_000_000, 0), (balance.Available.Milli, balance.Escrow.Milli));
        var record = Assert.Single(await server.Gateway.RecordsAsync(wallet));
        Assert.Equal((0, (short)Outcome.HungUp), (record.Charged_Milli, record.Outcome));
        await server.AssertVerifiedAsync();
    }

    // sandbox, trained, charged, state, outcome; nobody asks, so the nodes find out by themselves
    [Theory]
    [InlineData(null, 200, Cost, RecordState.Settled, Outcome.Answered)]
    [InlineData("fail=1", 0, 0, RecordState.Settled, Outcome.ProviderError)]
    [InlineData("no-usage", 800, Held, RecordState.Estimated, Outcome.Answered)]
    [InlineData("tokens=1000", 1_000, 3_000, RecordState.Settled, Outcome.Answered)] // more than was held
    [InlineData("tokens=9000", 9_000, 10_000, RecordState.Settled, Outcome.Answered)] // more than the wallet has
    public async Task Ended_WhileNobodyAsks_IsSettledOnce(
        string? fault, long trained, long charged, RecordState state, Outcome outcome)
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var (status, _) = await server.CreateAsync(key, await server.FileAsync(key), sandbox: fault);
        Assert.Equal(200, status);
        server.Clock.Now += TimeSpan.FromMinutes(11);

        var ended = await server.EndedAsync(wallet);
        Assert.Equal((trained, charged * 1_000), (ended.Trained_Tokens, ended.Charged_Milli));
        var balance = await server.BalanceAsync(wallet);
        Assert.Equal((10_000 - charged, 0, charged),
            (balance.Available.Milli / 1_000, balance.Escrow.Milli, balance.Spent.Milli / 1_000));
        var record = Assert.Single(await server.Gateway.RecordsAsync(wallet));
        Assert.Equal(((short)state, (short)outcome), (record.State, record.Outcome));
        await server.AssertVerifiedAsync();
    }

    [Fact]
    public async Task Wallet_TooSmall_Is402AndNothingIsCreated()
    {
        var (key, wallet) = await server.Gateway.KeyOfAsync(new Tokens(Held * 1_000 - 1));
        var (status, body) = await server.CreateAsync(key, await server.FileAsync(key));

        Assert.Equal((402, "gateway.wallet_exhausted"),
            (status, body.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal("insufficient_quota", body.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(0, (await server.BalanceAsync(wallet)).Escrow.Milli);
        Assert.Equal(0, (await server.AskAsync(HttpMethod.Get, Jobs, key)).Body.GetProperty("data").GetArrayLength());

        await server.Gateway.KeyToAsync(wallet, new Tokens(1));
        Assert.Equal(200, (await server.CreateAsync(key, await server.FileAsync(key))).Status); // exactly enough
    }

    [Fact]
    public async Task Wallet_WhoseTokensANodeHas_IsHeldAllTheSame()
    {
        var (key, wallet) = await server.Gateway.KeyOfAsync(new Tokens(Held * 1_000 + 20_000));
        using (var call = await server.Gateway.PostAsync("/v1/chat/completions", key,
            """{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""", node: 1))
        {
            Assert.Equal(200, (int)call.StatusCode);
            await call.Content.ReadAsStringAsync(Ct);
        }

        Assert.Equal(200, (await server.CreateAsync(key, await server.FileAsync(key))).Status);
        // What the node has left of its escrow is returned by itself.
        for (var tries = 0; tries < 100 && await EscrowAsync() != Held * 1_000; tries++) await Task.Delay(100, Ct);
        Assert.Equal(Held * 1_000, await EscrowAsync());

        async Task<long> EscrowAsync() => (await server.BalanceAsync(wallet)).Escrow.Milli;
    }

    [Fact]
    public async Task Others_SeeNeitherFilesNorJobs()
    {
        var (key, _) = await server.Gateway.KeyAsync(10_000);
        var (other, _) = await server.Gateway.KeyAsync(10_000);
        var file = await server.FileAsync(key);
        var (_, job) = await server.CreateAsync(key, file);
        var id = job.GetProperty("id").GetString();

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, $"/v1/files/{file}"), (HttpMethod.Delete, $"/v1/files/{file}"),
            (HttpMethod.Get, $"{Jobs}/{id}"), (HttpMethod.Post, $"{Jobs}/{id}/cancel"),
            (HttpMethod.Get, $"{Jobs}/{id}/events"),
        })
            Assert.Equal(404, (await server.AskAsync(method, path, other)).Status);
        Assert.Equal((404, "gateway.unknown_file"), Code(await server.CreateAsync(other, file)));
        foreach (var path in new[] { "/v1/files", Jobs })
            Assert.Equal(0, (await server.AskAsync(HttpMethod.Get, path, other)).Body.GetProperty("data")
                .GetArrayLength());
        Assert.Equal("running", (await server.AskAsync(HttpMethod.Get, $"{Jobs}/{id}", key)).Body
            .GetProperty("status").GetString());
    }

    [Fact]
    public async Task Creation_WhoseAnswerIsLost_IsFoundByItsMark()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var answer = await server.CreateAsync(key, await server.FileAsync(key), sandbox: "cut=1", node: 1);
        Assert.Equal((502, "gateway.job_uncertain"), Code(answer));
        Assert.Equal(Held * 1_000, (await server.BalanceAsync(wallet)).Escrow.Milli);

        server.Clock.Now += TimeSpan.FromMinutes(11);
        var ended = await server.EndedAsync(wallet);
        Assert.NotNull(ended.Upstream_Id);
        Assert.Equal(Cost * 1_000, ended.Charged_Milli);
        Assert.Equal(1, (await server.AskAsync(HttpMethod.Get, Jobs, key)).Body.GetProperty("data").GetArrayLength());
        await server.AssertVerifiedAsync();
    }

    [Fact]
    public async Task Creation_ThatNeverWas_IsReleased()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var answer = await server.CreateAsync(key, await server.FileAsync(key), sandbox: "status=500");
        Assert.Equal((502, "gateway.job_uncertain"), Code(answer));

        var ended = await server.EndedAsync(wallet);
        Assert.Equal((null, 0L), (ended.Upstream_Id, ended.Charged_Milli));
        Assert.Equal(10_000_000, (await server.BalanceAsync(wallet)).Available.Milli);
        await server.AssertVerifiedAsync();
    }

    [Fact]
    public async Task Creation_ThatTheProviderRefuses_IsRelayedAndFree()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var (status, _) = await server.CreateAsync(key, await server.FileAsync(key), sandbox: "status=429");
        Assert.Equal(429, status);
        Assert.Equal(10_000_000, (await server.BalanceAsync(wallet)).Available.Milli);
        Assert.Equal((short)Outcome.ProviderError, Assert.Single(await server.Gateway.RecordsAsync(wallet)).Outcome);
        await server.AssertVerifiedAsync();
    }

    [Fact]
    public async Task Job_ThatTheProviderForgets_IsReleasedWithAWarning()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var (_, job) = await server.CreateAsync(key, await server.FileAsync(key));
        await server.Gateway.Sandbox.Http.DeleteAsync($"{Jobs}/{job.GetProperty("id").GetString()}", Ct);

        var ended = await server.EndedAsync(wallet);
        Assert.Equal(0, ended.Charged_Milli);
        Assert.Equal(10_000_000, (await server.BalanceAsync(wallet)).Available.Milli);
        var (_, list) = await server.AskAsync(HttpMethod.Get, Jobs, key);
        Assert.Contains("has not known this job since",
            list.GetProperty("data")[0].GetProperty("guerdon").GetProperty("warning").GetString(),
            StringComparison.Ordinal);
        await server.AssertVerifiedAsync();
    }

    [Theory]
    [InlineData("fine-tune", false, 400, 200, null)]
    [InlineData("fine-tune", true, 400, 200, null)]
    [InlineData("assistants", false, 400, 400, "gateway.unpriced")]
    [InlineData("assistants", true, 400, 400, "gateway.unpriced")]
    [InlineData("fine-tune", true, 0, 400, "gateway.malformed_body")]
    [InlineData("fine-tune", false, 100_001, 413, "gateway.body_too_large")]
    [InlineData("fine-tune", false, 200_000, 413, "gateway.body_too_large")]
    public async Task Upload_OfAPurposeAndSize_IsTakenOrLeavesNothing(
        string purpose, bool purposeLast, int bytes, int status, string? code)
    {
        var (key, _) = await server.Gateway.KeyAsync(1);
        var file = Encoding.UTF8.GetBytes(new string('x', bytes));
        var answer = await server.UploadAsync(key, file, purpose, purposeLast);
        Assert.Equal(status, answer.Status);
        if (code is not null) Assert.Equal(code, Code(answer).Code);
        var (_, list) = await server.AskAsync(HttpMethod.Get, "/v1/files", key);
        Assert.Equal(code is null ? 1 : 0, list.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Uploads_ThatCallersBreakOff_AreNotTheProvidersFailure()
    {
        var (key, _) = await server.Gateway.KeyAsync(1);
        for (var i = 0; i < 15; i++)
            Assert.Equal(400, (await server.UploadAsync(key, TuningServer.File, "batch", purposeLast: true)).Status);
        var cut = new StringContent("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf");
        cut.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        Assert.Equal((400, "gateway.malformed_body"),
            Code(await server.AskAsync(HttpMethod.Post, "/v1/files", key, cut)));
        await server.FileAsync(key); // it is not left alone
    }

    [Fact]
    public async Task Upload_WithPictures_IsRefusedWhereverTheyStand()
    {
        var (key, _) = await server.Gateway.KeyAsync(1);
        foreach (var before in new[] { 0, 65_530, 65_536, 70_000 })
        {
            foreach (var name in new[] { "image_url", @"image\u005furl", @"\u0069mage_url", @"imag\u0065_ur\u006C" })
            {
                var text = new string('x', before) + $"\"{name}\"" + new string('x', 100);
                Assert.Equal((400, "gateway.unpriced"),
                    Code(await server.UploadAsync(key, Encoding.UTF8.GetBytes(text))));
            }
        }
    }

    [Fact]
    public async Task Epochs_LeftOpen_AreHeldAndSentAsStated()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var (status, job) = await server.CreateAsync(key, await server.FileAsync(key), "\"auto\"");
        Assert.Equal(200, status);
        Assert.Equal(3, job.GetProperty("hyperparameters").GetProperty("n_epochs").GetInt32());
        Assert.Equal(400 * 3 * TuningServer.Rate * 1_000, (await server.BalanceAsync(wallet)).Escrow.Milli);
    }

    [Fact]
    public async Task Model_WithoutATrainingRate_IsRefused()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(10_000);
        var file = await server.FileAsync(key);
        Assert.Equal((400, "gateway.training_unpriced"), Code(await server.CreateAsync(key, file, model: "gpt-4o")));
        Assert.Equal((404, "gateway.unknown_model"), Code(await server.CreateAsync(key, file, model: "no-such")));
        Assert.Equal((400, "gateway.wrong_dialect"),
            Code(await server.CreateAsync(key, file, model: "claude-haiku-4-5")));
        Assert.Equal((400, "gateway.malformed_body"), Code(await server.CreateAsync(key, file, "51")));
        Assert.Equal(10_000_000, (await server.BalanceAsync(wallet)).Available.Milli);
    }

    [Fact]
    public async Task TunedModel_IsCalledAtItsOwnPriceOrNotAtAll()
    {
        var (key, wallet) = await server.Gateway.KeyAsync(1_000_000);
        const string body =
            """{"model":"ft:gpt-4.1-mini:acme:name:1","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""";
        using (var unpriced = await server.Gateway.PostAsync("/v1/chat/completions", key, body))
            Assert.Equal(404, (int)unpriced.StatusCode);

        await server.PriceAsync("ft:gpt-4.1-mini", "gpt-4.1", null);
        using var answer = await server.Gateway.PostAsync("/v1/chat/completions", key, body);
        Assert.Equal(200, (int)answer.StatusCode);
        await answer.Content.ReadAsStringAsync(Ct);
        var record = Assert.Single(await server.Gateway.RecordsAsync(wallet));
        Assert.Equal(server.Gateway.ChargeMilli("gpt-4.1", record.Usage), record.Charged_Milli);
    }

    [Theory]
    [InlineData("GET", "/v1/files/file-x/content")]
    [InlineData("POST", "/v1/fine_tuning/jobs/ftjob-x/pause")]
    [InlineData("GET", "/v1/fine_tuning/jobs/ftjob-x/checkpoints")]
    [InlineData("POST", "/v1/uploads")]
    [InlineData("PATCH", "/v1/files")]
    public async Task OtherPaths_AreRefused(string method, string path)
    {
        var (key, _) = await server.Gateway.KeyAsync(1);
        Assert.Equal((404, "gateway.path_not_served"), Code(await server.AskAsync(new(method), path, key)));
    }

    private static (int Status, string? Code) Code((int Status, System.Text.Json.JsonElement Body) answer) =>
        (answer.Status, answer.Body.GetProperty("error").GetProperty("code").GetString());
}
