using Guerdon.Dialects.Calls;
using Guerdon.Kernel;

namespace Guerdon.Dialects.Anthropic;

/// <summary>A refusal as Anthropic words it.</summary>
internal static class AnthropicError
{
    public static byte[] Body(Refused refused, string requestId) => WrittenJson.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(refused.Refusal.Status));
        json.WriteString("message"u8, $"{refused.Detail} {refused.Refusal.NextStep}");
        json.WriteString("code"u8, refused.Refusal.Code);
        json.WriteEndObject();
        json.WriteString("request_id"u8, requestId);
        json.WriteEndObject();
    });

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
