using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Dialects.Calls;
using Guerdon.Kernel;

namespace Guerdon.Dialects.OpenAi;

/// <summary>A refusal as OpenAI words it.</summary>
internal static class OpenAiError
{
    public static byte[] Body(Refused refused) => WrittenJson.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(refused.Refusal.Status));
        json.WriteString("message"u8, $"{refused.Detail} {refused.Refusal.NextStep}");
        json.WriteString("code"u8, refused.Refusal.Code);
        json.WriteNull("param"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>The last event of a stream: Responses numbers its own.</summary>
    public static byte[] Event(Api api, Refused refused, int events) => api == OpenAiApis.Responses
        ? WrittenJson.Between("event: error\ndata: "u8, Flat(refused, events), "\n\n"u8)
        : WrittenJson.Between("data: "u8, Body(refused), "\n\n"u8);

    // Flat as it is documented, and with the object besides, because the SDKs raise an error only for that.
    private static byte[] Flat(Refused refused, int events)
    {
        var error = JsonNode.Parse(Body(refused))!["error"]!.AsObject();
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["type"] = "error", ["sequence_number"] = events, ["code"] = error["code"]!.DeepClone(),
            ["message"] = error["message"]!.DeepClone(), ["param"] = null, ["error"] = error.DeepClone(),
        });
    }

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
