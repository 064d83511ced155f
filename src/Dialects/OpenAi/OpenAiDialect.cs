using System.Text.Json;
using Guerdon.Dialects.Answers;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Dialects.OpenAi;

/// <summary>OpenAI's dialect, which most other providers speak too.</summary>
internal sealed class OpenAiDialect : Dialect
{
    public static readonly OpenAiDialect Instance = new();

    private static readonly string[] Searching = ["-search-preview", "-search-api", "sonar"];

    // Unbounded, because Perplexity's charges each of its searches, Groq's whatever its systems ran, and OpenAI's
    // research is bounded by its tools, of which it is given none in chat.
    private static readonly string[] Unbounded = ["deep-research", "compound-beta", "compound-mini", "groq/compound"];

    public override string Name => "OpenAi";
    public override IReadOnlyList<Api> Apis => OpenAiApis.All;
    public override IReadOnlyList<string> Roots => ["/v1"];
    public override string ModelsRoute => "/v1/models";
    public override string ModelRoute => "/v1/models/{**id}";
    public override bool HasTuning => true;

    // It claims none, since it is the first of the list and so has all that no other claims.
    public override bool IsSpokenIn(HttpRequest request) => false;

    public override string KeyHeader => "Authorization";
    public override string Credentials(string key) => "Bearer " + key;

    public override Result<CallFacts> ReadCall(
        Api api, string? model, ReadOnlySpan<byte> body, ReadingRules rules) => CallReader.Read(api, body, rules);

    public override IEnumerable<HostedRule> HostedTools => OpenAiTools.Table.Rules.Append(HostedRules.ChatSearch);
    public override (ToolKind Kind, HostedRule? Rule)? ToolOf(in StrictJson json) => OpenAiTools.Table.Of(json);

    // The largest pictures are 10,000 patches at original detail; only gpt-4o-mini counts 2,833 and 5,667 for each of
    // up to eight tiles, whoever serves it.
    public override long? PictureTokens(Price price) =>
        price.Model.StartsWith("gpt-4o-mini", StringComparison.Ordinal) ? 50_000
        : price.Provider == "openai" ? 12_500 : null;

    public override bool IsMadeToSearch(Api api, Price price) => api == OpenAiApis.Chat && IsOneOf(price, Searching);
    public override bool IsUnbounded(Api api, Price price) => api == OpenAiApis.Chat && IsOneOf(price, Unbounded);

    public override ReadOnlySpan<byte> UsageMember => "\"usage\""u8;

    public override void ReadUsage(ref Utf8JsonReader json, ref UsageReading reading) =>
        OpenAiUsage.Read(ref json, ref reading);

    public override bool ReadBody(ReadOnlySpan<byte> body, ref UsageReading reading)
    {
        new AnswerWalk(body, OpenAiAnswers.Instance).Read(ref reading);
        return false;
    }

    public override EventKind ReadEvent(ReadOnlySpan<byte> data, ref UsageReading reading)
    {
        if (!data.SequenceEqual("[DONE]"u8)) return new AnswerWalk(data, OpenAiAnswers.Instance).Read(ref reading);
        reading.Finish();
        return EventKind.Done;
    }

    public override byte[] ErrorBody(Refused refused, string requestId, bool isElement) =>
        OpenAiError.Body(refused);

    public override byte[] ErrorEvent(Api api, Refused refused, string requestId, int events) =>
        OpenAiError.Event(api, refused, events);

    public override void WriteModels(Utf8JsonWriter json, IReadOnlyList<Price> models)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in models) WriteModel(json, model);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public override void WriteModel(Utf8JsonWriter json, Price model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Model);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, model.EffectiveFrom.ToUnixTimeSeconds());
        json.WriteString("owned_by"u8, model.Provider);
        json.WriteEndObject();
    }

    private static bool IsOneOf(Price price, string[] marks)
    {
        foreach (var mark in marks)
            if (price.Model.Contains(mark, StringComparison.Ordinal)) return true;
        return false;
    }
}
