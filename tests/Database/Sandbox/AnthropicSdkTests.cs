using System.Text;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Guerdon.Database.Sandbox;

/// <summary>The official Anthropic package, pointed at the sandbox and checking every member it requires.</summary>
public class AnthropicSdkTests
{
    private static readonly Tool Lookup = new()
    {
        Name = "lookup",
        InputSchema = new InputSchema
        {
            Properties = new Dictionary<string, System.Text.Json.JsonElement>
            {
                ["id"] = System.Text.Json.JsonElement.Parse("""{"type":"string"}"""),
            },
            Required = ["id"],
        },
    };

    [Fact]
    public async Task Create_Thinking_HasBothBlocksAndValidUsage()
    {
        await using var server = await SandboxServer.Start();
        var asked = Ask("Explain the plan.") with { Thinking = new ThinkingConfigEnabled { BudgetTokens = 1_024 } };
        var message = await Client(server).Messages.Create(asked, TestContext.Current.CancellationToken);
        message.Validate();
        Assert.True(message.Content[0].TryPickThinking(out var thinking));
        Assert.NotEmpty(thinking.Signature);
        Assert.True(message.Content[1].TryPickText(out var text));
        Assert.NotEmpty(text.Text);
        Assert.Equal(StopReason.EndTurn, message.StopReason!.Value());
        Assert.InRange(message.Usage.OutputTokensDetails!.ThinkingTokens, 48, message.Usage.OutputTokens);
    }

    [Fact]
    public async Task CreateStreaming_EveryEvent_IsValidAndJoinsToTheWhole()
    {
        await using var server = await SandboxServer.Start();
        var client = Client(server);
        var whole = await client.Messages.Create(Ask("Explain the plan."), TestContext.Current.CancellationToken);
        Assert.True(whole.Content[0].TryPickText(out var expected));

        var text = new StringBuilder();
        long outputTokens = 0;
        await foreach (var item in client.Messages.CreateStreaming(
            Ask("Explain the plan."), TestContext.Current.CancellationToken))
        {
            item.Validate();
            if (item.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
                text.Append(piece.Text);
            if (item.TryPickDelta(out var end)) outputTokens = end.Usage.OutputTokens;
        }
        Assert.Equal(expected.Text, text.ToString());
        Assert.Equal(whole.Usage.OutputTokens, outputTokens);
    }

    [Fact]
    public async Task Create_AnyToolDemanded_IsCalled()
    {
        await using var server = await SandboxServer.Start();
        var asked = Ask("Find it.") with { Tools = [Lookup], ToolChoice = new ToolChoiceAny() };
        var message = await Client(server).Messages.Create(asked, TestContext.Current.CancellationToken);
        message.Validate();
        Assert.True(message.Content[0].TryPickToolUse(out var call));
        Assert.Equal("lookup", call.Name);
        Assert.True(call.Input.ContainsKey("id"));
        Assert.Equal(StopReason.ToolUse, message.StopReason!.Value());
    }

    [Fact]
    public async Task Create_CapReached_StopsAtMaxTokens()
    {
        await using var server = await SandboxServer.Start();
        var message = await Client(server).Messages.Create(
            Ask("Explain the plan.") with { MaxTokens = 9 }, TestContext.Current.CancellationToken);
        Assert.Equal(StopReason.MaxTokens, message.StopReason!.Value());
        Assert.Equal(9, message.Usage.OutputTokens);
    }

    [Fact]
    public async Task Errors_AreTypedByTheSdk()
    {
        await using var server = await SandboxServer.Start();
        var client = Client(server);
        var token = TestContext.Current.CancellationToken;
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() =>
            client.Messages.Create(Ask("Hi") with { Model = "no-such-model" }, token));
        await Assert.ThrowsAsync<AnthropicRateLimitException>(() =>
            client.Messages.Create(Ask("Hi [status=429]"), token));
        await Assert.ThrowsAsync<AnthropicOverloadedException>(() =>
            client.Messages.Create(Ask("Hi [status=529]"), token));
    }

    [Fact]
    public async Task CountTokensAndModels_AreRead()
    {
        await using var server = await SandboxServer.Start();
        var client = Client(server);
        var counted = await client.Messages.CountTokens(
            new MessageCountTokensParams { Model = "claude-sonnet-5", Messages = [new UserMessageParam("Hi there")] },
            TestContext.Current.CancellationToken);
        Assert.Equal(5, counted.InputTokens);
        var models = await client.Models.List(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(models.Items, model => model.ID == "claude-sonnet-5");
    }

    private static AnthropicClient Client(SandboxServer server) => new()
    {
        BaseUrl = server.Address.ToString().TrimEnd('/'), ApiKey = "any", MaxRetries = 0, ResponseValidation = true,
    };

    private static MessageCreateParams Ask(string text) => new()
    {
        Model = "claude-sonnet-5", MaxTokens = 2_000, Messages = [new UserMessageParam(text)],
    };
}
