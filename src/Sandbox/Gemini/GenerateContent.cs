using System.Text.Json;
using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.Gemini;

/// <summary>A Gemini answer about to be sent: its candidates and what they used.</summary>
internal sealed record GenerateReply(string Id, Ask Ask, Answer[] Choices, int CachedTokens)
{
    public Directives Faults => Ask.Directives;

    public static GenerateReply To(SandboxState state, Ask ask)
    {
        var choices = new Answer[ask.Choices];
        for (var i = 0; i < choices.Length; i++) choices[i] = Answer.To(ask, ask.Seed, i);
        var cached = state.Prefixes.CachedTokens(ask.Prompt.Bytes, Prompts.Seed.Of(ask.Model, 2));
        return new(choices[0].Id(""), ask, choices, cached);
    }
}

/// <summary>POST …:generateContent and …:countTokens, and the pieces that its stream is made of too.</summary>
internal static class GenerateContent
{
    public static Task Answer(HttpContext http, SandboxState state, Ask ask) => ask.Directives.Fail is null
        ? JsonReply.Send(http, 200, ask.Directives, GenerateReply.To(state, ask), Write)
        : JsonReply.SendFault(http, Provider.Gemini, Fault.ForStatus(500));

    public static Task Count(HttpContext http, SandboxState state, Ask ask) =>
        JsonReply.Send(http, 200, ask.Directives, ask, static (json, counted) =>
        {
            json.WriteStartObject();
            json.WriteNumber("totalTokens"u8, counted.Prompt.Tokens);
            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, GenerateReply reply)
    {
        json.WriteStartObject();
        json.WriteStartArray("candidates"u8);
        for (var i = 0; i < reply.Choices.Length; i++)
        {
            var choice = reply.Choices[i];
            BeginCandidate(json);
            if (reply.Ask.ShowsThoughts && choice.ReasoningTokens > 0) WriteThought(json, Thoughts(choice));
            WriteAnswer(json, choice, choice.Text);
            EndCandidate(json, i, choice, reply.Faults.Searches);
        }
        json.WriteEndArray();
        int visible = 0, thoughts = 0;
        foreach (var choice in reply.Choices)
        {
            visible += choice.Tokens - choice.ReasoningTokens;
            thoughts += choice.ReasoningTokens;
        }
        WriteEnd(json, reply, visible, thoughts);
    }

    public static byte[] Thoughts(Answer choice) =>
        AnswerText.Exactly(choice.Seed + Prompts.Seed.Start, choice.ReasoningTokens, finished: true);

    public static void BeginCandidate(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("content"u8);
        json.WriteStartArray("parts"u8);
    }

    public static void WriteThought(Utf8JsonWriter json, ReadOnlySpan<byte> text)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteBoolean("thought"u8, true);
        json.WriteEndObject();
    }

    /// <summary>A piece of text, or a call whole: Gemini does not stream arguments.</summary>
    public static void WriteAnswer(Utf8JsonWriter json, Answer choice, ReadOnlySpan<byte> text)
    {
        json.WriteStartObject();
        if (choice.ToolName is null) json.WriteString("text"u8, text);
        else
        {
            json.WriteStartObject("functionCall"u8);
            json.WriteString("name"u8, choice.ToolName);
            json.WritePropertyName("args"u8);
            json.WriteRawValue(text.IsEmpty ? "{}"u8 : text);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <param name="json">Stands in the candidate's parts.</param>
    /// <param name="index">Which candidate it is.</param>
    /// <param name="finished">The candidate that ends here; null where it goes on.</param>
    /// <param name="searches">Queries that the answer is grounded in.</param>
    public static void EndCandidate(Utf8JsonWriter json, int index, Answer? finished, int searches)
    {
        json.WriteEndArray();
        json.WriteString("role"u8, "model"u8);
        json.WriteEndObject();
        if (searches > 0 && finished is not null)
        {
            json.WriteStartObject("groundingMetadata"u8);
            json.WriteStartArray("webSearchQueries"u8);
            for (var i = 0; i < searches; i++) json.WriteStringValue("anything"u8);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        if (finished is not null)
            json.WriteString("finishReason"u8, finished.Finish is Finish.Length ? "MAX_TOKENS"u8 : "STOP"u8);
        json.WriteNumber("index"u8, index);
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, ReadOnlySpan<byte> name, int tokens, int audio)
    {
        var spoken = Math.Min(audio, tokens);
        json.WriteStartArray(name);
        WriteDetail("TEXT"u8, tokens - spoken);
        WriteDetail("AUDIO"u8, spoken);
        json.WriteEndArray();

        void WriteDetail(ReadOnlySpan<byte> modality, int count)
        {
            if (count == 0) return;
            json.WriteStartObject();
            json.WriteString("modality"u8, modality);
            json.WriteNumber("tokenCount"u8, count);
            json.WriteEndObject();
        }
    }

    /// <summary>Usage so far, as the directives have it, and what every answer ends with. A zero is left out.</summary>
    public static void WriteEnd(Utf8JsonWriter json, GenerateReply reply, int visibleTokens, int thoughtTokens)
    {
        if (reply.Faults.NullUsage) json.WriteNull("usageMetadata"u8);
        else if (!reply.Faults.NoUsage)
        {
            var prompt = reply.Faults.InputTokens ?? reply.Ask.Prompt.Tokens;
            var tools = reply.Ask.ToolUseTokens;
            json.WriteStartObject("usageMetadata"u8);
            json.WriteNumber("promptTokenCount"u8, prompt);
            if (visibleTokens > 0) json.WriteNumber("candidatesTokenCount"u8, visibleTokens);
            json.WriteNumber("totalTokenCount"u8, prompt + tools + visibleTokens + thoughtTokens);
            if (reply.CachedTokens > 0) json.WriteNumber("cachedContentTokenCount"u8, reply.CachedTokens);
            if (tools > 0) json.WriteNumber("toolUsePromptTokenCount"u8, tools);
            if (thoughtTokens > 0) json.WriteNumber("thoughtsTokenCount"u8, thoughtTokens);
            if (reply.Faults.AudioTokens is > 0 and var audio)
            {
                WriteDetails(json, "promptTokensDetails"u8, prompt, audio);
                WriteDetails(json, "candidatesTokensDetails"u8, visibleTokens, audio);
            }
            if (reply.Faults.ServiceTier is { } tier) json.WriteString("serviceTier"u8, tier);
            if (reply.Faults.Counter is var (name, count)) json.WriteNumber(name, count);
            json.WriteEndObject();
        }
        json.WriteString("modelVersion"u8, reply.Faults.Model ?? reply.Ask.Model);
        json.WriteString("responseId"u8, reply.Id);
        json.WriteEndObject();
    }
}
