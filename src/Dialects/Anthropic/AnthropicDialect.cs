using System.Text.Json;
using Guerdon.Dialects.Answers;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Dialects.Anthropic;

/// <summary>Anthropic's dialect.</summary>
internal sealed class AnthropicDialect : Dialect
{
    public static readonly AnthropicDialect Instance = new();

    public override string Name => "Anthropic";
    public override IReadOnlyList<Api> Apis => AnthropicApis.All;
    public override IReadOnlyList<string> Roots => ["/v1"];
    public override string ModelsRoute => "/v1/models";
    public override string ModelRoute => "/v1/models/{**id}";

    public override bool IsSpokenIn(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1/messages") || request.Headers.ContainsKey("anthropic-version");

    public override string KeyHeader => "x-api-key";

    // Two headers, because Azure's tools for these models, as for OpenAI's, send a key in theirs.
    public override IReadOnlyList<string> CallerKeyHeaders => [KeyHeader, "api-key"];
    public override string RequestIdHeader => "request-id";
    public override (string Name, string Value)? ProbeHeader => ("anthropic-version", "2023-06-01");

    public override Result<CallFacts> ReadCall(
        Api api, string? model, ReadOnlySpan<byte> body, ReadingRules rules) => CallReader.Read(api, body, rules);

    public override IEnumerable<HostedRule> HostedTools => AnthropicTools.Table.Rules;
    public override (ToolKind Kind, HostedRule? Rule)? ToolOf(in StrictJson json) => AnthropicTools.Table.Of(json);
    public override string? BetaHeader => "anthropic-beta";
    public override long WindowIn(string? betas) => LongContext.WindowIn(betas);

    // Never less than the 4,784 tokens to which pictures are scaled down.
    public override long? PictureTokens(Price price) => price.Provider == "anthropic" ? 5_000 : null;

    public override ReadOnlySpan<byte> UsageMember => "\"usage\""u8;

    public override void ReadUsage(ref Utf8JsonReader json, ref UsageReading reading) =>
        AnthropicUsage.Read(ref json, isCount: true, ref reading);

    public override bool ReadBody(ReadOnlySpan<byte> body, ref UsageReading reading)
    {
        new AnswerWalk(body, AnthropicAnswers.Instance).Read(ref reading);
        return false;
    }

    public override EventKind ReadEvent(ReadOnlySpan<byte> data, ref UsageReading reading) =>
        new AnswerWalk(data, AnthropicAnswers.Instance).Read(ref reading);

    public override Usage InputOf(in UsageReading reading) => AnthropicUsage.InputOf(reading);
    public override IReadOnlyList<Run> RunsOf(in UsageReading reading) => AnswerRuns.Of(reading);
    public override bool SiftsForFree => true;

    public override byte[] ErrorBody(Refused refused, string requestId, bool isElement) =>
        AnthropicError.Body(refused, requestId);

    public override byte[] ErrorEvent(Api api, Refused refused, string requestId, int events) =>
        WrittenJson.Between("event: error\ndata: "u8, AnthropicError.Body(refused, requestId), "\n\n"u8);

    public override void WriteModels(Utf8JsonWriter json, IReadOnlyList<Price> models)
    {
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var model in models) WriteModel(json, model);
        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, false);
        json.WriteString("first_id"u8, models.Count > 0 ? models[0].Model : null);
        json.WriteString("last_id"u8, models.Count > 0 ? models[^1].Model : null);
        json.WriteEndObject();
    }

    public override void WriteModel(Utf8JsonWriter json, Price model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Model);
        json.WriteString("type"u8, "model"u8);
        json.WriteString("display_name"u8, model.Model);
        json.WriteString("created_at"u8, model.EffectiveFrom.UtcDateTime);
        json.WriteEndObject();
    }
}
