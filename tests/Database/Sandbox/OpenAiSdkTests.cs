using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Models;
using OpenAI.Responses;

namespace Guerdon.Database.Sandbox;

#pragma warning disable OPENAI001 // the Responses client is marked experimental by its own package

/// <summary>The official OpenAI package, pointed at the sandbox.</summary>
public class OpenAiSdkTests
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", "Weather of a place.",
        BinaryData.FromString("""
            {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},
             "required":["city","days"]}
            """));

    private static readonly ResponseTool Lookup = ResponseTool.CreateFunctionTool("lookup",
        BinaryData.FromString("""{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}"""), false);

    [Fact]
    public async Task Chat_WholeAndStreamed_SayTheSame()
    {
        await using var server = await SandboxServer.Start();
        var chat = Client(server).GetChatClient("gpt-6-luna");
        ChatCompletion whole = await chat.CompleteChatAsync(
            [new UserChatMessage("Explain the plan.")], cancellationToken: TestContext.Current.CancellationToken);

        var text = new StringBuilder();
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (var update in chat.CompleteChatStreamingAsync(
            [new UserChatMessage("Explain the plan.")], cancellationToken: TestContext.Current.CancellationToken))
        {
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }
        Assert.Equal(whole.Content[0].Text, text.ToString());
        Assert.Equal(whole.Usage.TotalTokenCount, usage?.TotalTokenCount);
        Assert.Equal(ChatFinishReason.Stop, finish);
    }

    [Fact]
    public async Task Chat_RequiredTool_IsCalledAndItsResultGetsText()
    {
        await using var server = await SandboxServer.Start();
        var chat = Client(server).GetChatClient("gpt-6-luna");
        var options = new ChatCompletionOptions
        {
            Tools = { Weather }, ToolChoice = ChatToolChoice.CreateRequiredChoice(),
        };
        List<ChatMessage> messages = [new UserChatMessage("Weather in Oslo?")];
        ChatCompletion call = await chat.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);

        Assert.Equal(ChatFinishReason.ToolCalls, call.FinishReason);
        Assert.Equal("get_weather", call.ToolCalls[0].FunctionName);
        var arguments = call.ToolCalls[0].FunctionArguments.ToObjectFromJson<Dictionary<string, object>>()!;
        Assert.Equal(["city", "days"], arguments.Keys);

        messages.Add(new AssistantChatMessage(call));
        messages.Add(new ToolChatMessage(call.ToolCalls[0].Id, "sunny"));
        ChatCompletion answer = await chat.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.NotEmpty(answer.Content[0].Text);
    }

    [Fact]
    public async Task Chat_StreamedTool_JoinsToTheSameArguments()
    {
        await using var server = await SandboxServer.Start();
        var chat = Client(server).GetChatClient("gpt-6-luna");
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> messages = [new UserChatMessage("Weather in Oslo? [tool]")];
        ChatCompletion whole = await chat.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);

        var arguments = new StringBuilder();
        var name = "";
        await foreach (var update in chat.CompleteChatStreamingAsync(
            messages, options, TestContext.Current.CancellationToken))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name += call.FunctionName;
                arguments.Append(call.FunctionArgumentsUpdate);
            }
        }
        Assert.Equal("get_weather", name);
        Assert.Equal(whole.ToolCalls[0].FunctionArguments.ToString(), arguments.ToString());
    }

    [Fact]
    public async Task Responses_WholeAndStreamed_SayTheSame()
    {
        await using var server = await SandboxServer.Start();
        var client = Client(server).GetResponsesClient();
        ResponseResult whole = await client.CreateResponseAsync(
            Options("Explain the plan."), TestContext.Current.CancellationToken);
        Assert.Equal(ResponseStatus.Completed, whole.Status);
        Assert.True(whole.Usage.OutputTokenDetails.ReasoningTokenCount > 0);

        var text = new StringBuilder();
        ResponseResult? last = null;
        var sequence = new List<int>();
        await foreach (var update in await client.CreateResponseStreamingAsync(
            Options("Explain the plan.", streaming: true), TestContext.Current.CancellationToken))
        {
            sequence.Add(update.SequenceNumber);
            if (update is StreamingResponseOutputTextDeltaUpdate delta) text.Append(delta.Delta);
            if (update is StreamingResponseCompletedUpdate done) last = done.Response;
        }
        Assert.Equal(Enumerable.Range(0, sequence.Count), sequence);
        Assert.Equal(whole.GetOutputText(), text.ToString());
        Assert.Equal(whole.Usage.TotalTokenCount, last?.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task Responses_CappedAndToolAndFailed_EndAsTheyShould()
    {
        await using var server = await SandboxServer.Start();
        var client = Client(server).GetResponsesClient();
        var capped = Options("Explain the plan.", streaming: true);
        capped.MaxOutputTokenCount = 300;
        Assert.IsType<StreamingResponseIncompleteUpdate>(await Last(client, capped, "[tokens=400]"));

        var tooled = Options("Find it.", streaming: true);
        tooled.Tools.Add(Lookup);
        var done = Assert.IsType<StreamingResponseCompletedUpdate>(await Last(client, tooled, "[tool]"));
        var call = Assert.IsType<FunctionCallResponseItem>(done.Response.OutputItems[^1]);
        Assert.Equal("lookup", call.FunctionName);

        Assert.IsType<StreamingResponseFailedUpdate>(
            await Last(client, Options("Explain the plan.", streaming: true), "[fail=4]"));
    }

    [Fact]
    public async Task Embeddings_SharedWords_AreNearer()
    {
        await using var server = await SandboxServer.Start();
        var client = Client(server).GetEmbeddingClient("text-embedding-3-small");
        OpenAIEmbeddingCollection found = await client.GenerateEmbeddingsAsync(
            ["the payroll of tokens", "payroll tokens for the team", "an unrelated sentence"],
            cancellationToken: TestContext.Current.CancellationToken);
        var vectors = found.Select(item => item.ToFloats().ToArray()).ToList();
        Assert.All(vectors, vector => Assert.Equal(1, Dot(vector, vector), 4));
        Assert.Equal(1_536, vectors[0].Length);
        Assert.True(Dot(vectors[0], vectors[1]) > Dot(vectors[0], vectors[2]));
        Assert.Equal(6 + 7 + 6, found.Usage.InputTokenCount); // 21, 27 and 21 bytes
    }

    [Fact]
    public async Task Errors_TypedByTheSdk()
    {
        await using var server = await SandboxServer.Start();
        var missing = Client(server).GetChatClient("no-such-model");
        var notFound = await Assert.ThrowsAsync<ClientResultException>(() => missing.CompleteChatAsync("Hi"));
        Assert.Equal(404, notFound.Status);
        Assert.Contains("model_not_found", notFound.Message, StringComparison.Ordinal);

        OpenAIModelCollection models = await Client(server).GetOpenAIModelClient().GetModelsAsync(
            TestContext.Current.CancellationToken);
        Assert.Contains(models, model => model.Id == "gpt-6-luna");
    }

    private static OpenAIClient Client(SandboxServer server) => new(new ApiKeyCredential("any"), new OpenAIClientOptions
    {
        Endpoint = new Uri(server.Address, "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
    });

    private static CreateResponseOptions Options(string input, bool streaming = false) =>
        new("gpt-6-luna", [ResponseItem.CreateUserMessageItem(input)])
        {
            StreamingEnabled = streaming,
            ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low },
        };

    private static async Task<StreamingResponseUpdate?> Last(
        ResponsesClient client, CreateResponseOptions options, string directive)
    {
        options.InputItems.Add(ResponseItem.CreateUserMessageItem(directive));
        StreamingResponseUpdate? last = null;
        var updates = await client.CreateResponseStreamingAsync(options, TestContext.Current.CancellationToken);
        await foreach (var update in updates) last = update;
        return last;
    }

    private static double Dot(float[] one, float[] other) => one.Zip(other, (a, b) => (double)a * b).Sum();
}
