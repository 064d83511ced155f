using System.ClientModel;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;

namespace Guerdon.Simulation.Demo;

/// <summary>
/// People at work: calls through the official OpenAI and Anthropic SDKs, whose address is all that is changed.
/// </summary>
internal sealed class DemoTraffic(string gateway)
{
    private const int AtOnce = 24;

    private static readonly string[] Questions =
    [
        "Summarise the incident report of last night in three sentences.", "Why does this query scan the whole table?",
        "Draft a kind answer to a customer whose invoice was wrong.", "Name three risks of the migration plan.",
        "Turn these notes into a changelog entry.", "Explain this stack trace to a new colleague.",
    ];

    private static readonly string[] OpenAiModels = ["gpt-5-mini", "gpt-4o-mini", "gpt-5.4", "gpt-6-luna"];
    private static readonly string[] AnthropicModels = ["claude-haiku-4-5", "claude-sonnet-5"];

    private int _done;

    /// <summary>Sends calls, each of a person by turns; every other one is a stream.</summary>
    /// <param name="keys">A personal key each.</param>
    /// <param name="count">How many calls.</param>
    /// <param name="say">How far it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>How many were answered, and why the first of the others was not.</returns>
    public async Task<(int Answered, string? FirstFailure)> SendAsync(
        IReadOnlyList<string> keys, int count, Action<string> say, CancellationToken ct)
    {
        string? failure = null;
        var answered = 0;
        await Parallel.ForAsync(0, count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (i, stop) =>
        {
            try
            {
                await CallAsync(i, keys[i % keys.Count], stop);
                Interlocked.Increment(ref answered);
            }
            catch (Exception e) when (e is ClientResultException or Anthropic.Exceptions.AnthropicException)
            {
                Interlocked.CompareExchange(ref failure, e.Message, null);
            }

            var sent = Interlocked.Increment(ref _done);
            if (sent % 50 == 0) say($"{sent} of {count} requests");
        });
        return (answered, failure);
    }

    private Task CallAsync(int i, string key, CancellationToken ct)
    {
        var question = $"{Questions[i % Questions.Length]} (case {i})";
        return (i % 4) switch
        {
            0 => ChatAsync(OpenAiModels[i / 4 % OpenAiModels.Length], key, question, ct),
            1 => ChatStreamAsync(OpenAiModels[i / 4 % OpenAiModels.Length], key, question, ct),
            2 => MessageAsync(AnthropicModels[i / 4 % AnthropicModels.Length], key, question, ct),
            _ => MessageStreamAsync(AnthropicModels[i / 4 % AnthropicModels.Length], key, question, ct),
        };
    }

    private async Task ChatAsync(string model, string key, string question, CancellationToken ct) =>
        await Chat(model, key).CompleteChatAsync([new UserChatMessage(question)], cancellationToken: ct);

    private async Task ChatStreamAsync(string model, string key, string question, CancellationToken ct)
    {
        await foreach (var _ in Chat(model, key)
            .CompleteChatStreamingAsync([new UserChatMessage(question)], cancellationToken: ct))
        {
            // Only the end matters, since the demo has no use for the words.
        }
    }

    private ChatClient Chat(string model, string key) =>
        new(model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri($"{gateway}/v1") });

    private async Task MessageAsync(string model, string key, string question, CancellationToken ct)
    {
        using var client = Messages(key);
        await client.Messages.Create(Ask(model, question), ct);
    }

    private async Task MessageStreamAsync(string model, string key, string question, CancellationToken ct)
    {
        using var client = Messages(key);
        await foreach (var _ in client.Messages.CreateStreaming(Ask(model, question), ct))
        {
            // As above, only the end matters.
        }
    }

    private AnthropicClient Messages(string key) => new() { ApiKey = key, BaseUrl = gateway };

    private static MessageCreateParams Ask(string model, string question) => new()
    {
        Model = model, MaxTokens = 1_024, Messages = [new UserMessageParam(question)],
    };
}
