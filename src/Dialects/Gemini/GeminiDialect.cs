using System.Net;
using System.Text.Json;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Dialects.Gemini;

/// <summary>Gemini's dialect.</summary>
internal sealed class GeminiDialect : Dialect
{
    public static readonly GeminiDialect Instance = new();

    public override string Name => "Gemini";
    public override IReadOnlyList<Api> Apis => GeminiApis.All;

    // Three, because Google's SDKs upload files beside the API and try new methods in an alpha of it.
    public override IReadOnlyList<string> Roots => ["/v1beta", "/v1alpha", "/upload/v1beta"];

    // Two versions, because some of Google's tools ask for the one where they mean the other.
    public override IReadOnlyList<string> CallRoutes => ["/v1beta/models/{call}", "/v1/models/{call}"];

    public override Result<PathCall> ReadPath(HttpRequest request, string segment) =>
        GeminiPaths.Read(request, segment);

    public override string ModelsRoute => "/v1beta/models";
    public override string ModelRoute => "/v1beta/models/{id}";
    public override Refused? CheckQuery(IQueryCollection query) => GeminiPaths.CheckQuery(query);

    public override bool IsSpokenIn(HttpRequest request) => GeminiPaths.IsGemini(request);
    public override string KeyHeader => GeminiPaths.KeyHeader;
    public override string ProbePath => "/v1beta/models?pageSize=1";

    public override ValueTask CorrectAsync(HttpResponseMessage response, CancellationToken ct) =>
        response.StatusCode == HttpStatusCode.BadRequest ? new(GeminiKeyAnswer.CorrectAsync(response, ct)) : default;

    public override Result<CallFacts> ReadCall(
        Api api, string? model, ReadOnlySpan<byte> body, ReadingRules rules) =>
        GeminiReader.Read(api, model!, body, rules);

    public override IEnumerable<HostedRule> HostedTools => GeminiTools.Rules;
    public override HostedCall ByFee(HostedCall call, Price price) => GeminiTools.ByFee(call, price);
    public override bool AnswersInAnyMedia => true;
    public override long? PictureTokens(Price price) => price.Provider == "google-ai-studio" ? 12_500 : null;

    public override ReadOnlySpan<byte> UsageMember => "\"usageMetadata\""u8;

    public override void ReadUsage(ref Utf8JsonReader json, ref UsageReading reading) =>
        GeminiUsage.ReadFinal(ref json, ref reading);

    public override bool ReadBody(ReadOnlySpan<byte> body, ref UsageReading reading) =>
        GeminiAnswer.Read(body, ref reading);

    public override EventKind ReadEvent(ReadOnlySpan<byte> data, ref UsageReading reading)
    {
        GeminiAnswer.Read(data, ref reading);
        return reading.IsFinished ? EventKind.PerhapsLast : EventKind.Other;
    }

    public override byte[] ErrorBody(Refused refused, string requestId, bool isElement) =>
        GeminiError.Body(refused, requestId, isElement);

    public override bool ReadsArray(HttpRequest request) => GeminiPaths.IsArrayStream(request);

    // An array's first element has a bracket before it, since none was sent; every other one has a comma.
    public override byte[] ErrorEvent(Api api, Refused refused, string requestId, int events)
    {
        var error = GeminiError.Body(refused, requestId, isElement: false);
        return api.IsArray
            ? WrittenJson.Between(events == 0 ? "["u8 : ",\r\n"u8, error, "]"u8)
            : WrittenJson.Between("data: "u8, error, "\r\n\r\n"u8);
    }

    public override void WriteModels(Utf8JsonWriter json, IReadOnlyList<Price> models)
    {
        json.WriteStartObject();
        json.WriteStartArray("models"u8);
        foreach (var model in models) WriteModel(json, model);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public override void WriteModel(Utf8JsonWriter json, Price model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "models/" + model.Model);
        json.WriteString("displayName"u8, model.Model);
        json.WriteNumber("inputTokenLimit"u8, model.ContextTokens);
        json.WriteNumber("outputTokenLimit"u8, model.MaxOutputTokens);
        json.WriteStartArray("supportedGenerationMethods"u8);
        json.WriteStringValue("generateContent"u8);
        json.WriteStringValue("countTokens"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
