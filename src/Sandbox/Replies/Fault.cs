using System.Text.Json;

namespace Guerdon.Sandbox.Replies;

/// <summary>In whose format an error is.</summary>
internal enum Provider { OpenAi, Anthropic, Gemini }

/// <summary>A refusal as a provider would word it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">Sentence for a person.</param>
/// <param name="Code">OpenAI's machine-readable code; Anthropic has none.</param>
/// <param name="Param">The parameter at fault, in OpenAI's format.</param>
internal sealed record Fault(int Status, string Message, string? Code = null, string? Param = null)
{
    public static Fault Invalid(string message, string? param = null) => new(400, message, Param: param);

    /// <summary>The fault that a <c>status=</c> directive asks for.</summary>
    public static Fault ForStatus(int status) => status switch
    {
        401 => new(401, "Incorrect API key provided.", "invalid_api_key"),
        429 => new(429, "Rate limit reached. Please try again later.", "rate_limit_exceeded"),
        500 => new(500, "The server had an error while processing your request. Sorry about that!"),
        503 => new(503, "The engine is currently overloaded, please try again later."),
        529 => new(529, "Overloaded"),
        _ => new(status, $"The sandbox was asked to answer {status}."),
    };

    /// <summary>Writes the whole error body, e.g. <c>{"error":{"message":…}}</c>.</summary>
    public void Write(Utf8JsonWriter json, Provider provider, string requestId)
    {
        json.WriteStartObject();
        if (provider is Provider.Gemini)
        {
            WriteGoogles(json);
            return;
        }
        if (provider is Provider.Anthropic) json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        if (provider is Provider.Anthropic) json.WriteString("type"u8, AnthropicType);
        json.WriteString("message"u8, Message);
        if (provider is Provider.OpenAi)
        {
            json.WriteString("type"u8, OpenAiType);
            json.WriteTextOrNull("param"u8, Param);
            json.WriteTextOrNull("code"u8, Code);
        }
        json.WriteEndObject();
        if (provider is Provider.Anthropic) json.WriteString("request_id"u8, requestId);
        json.WriteEndObject();
    }

    private void WriteGoogles(Utf8JsonWriter json)
    {
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, Status);
        json.WriteString("message"u8, Message);
        json.WriteString("status"u8, GoogleStatus);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private string GoogleStatus => Status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "INVALID_ARGUMENT",
    };

    private string OpenAiType => Status switch
    {
        429 => "requests",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private string AnthropicType => Status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
