using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Unit.Dialects;

/// <summary>Clients branch on the type of an error, which follows from its status.</summary>
public class ErrorTypeTests
{
    [Theory] // status; OpenAI, Anthropic, Google
    [InlineData(400, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT")]
    [InlineData(401, "authentication_error", "authentication_error", "UNAUTHENTICATED")]
    [InlineData(402, "insufficient_quota", "billing_error", "RESOURCE_EXHAUSTED")]
    [InlineData(403, "permission_error", "permission_error", "PERMISSION_DENIED")]
    [InlineData(404, "invalid_request_error", "not_found_error", "NOT_FOUND")]
    [InlineData(405, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT")]
    [InlineData(413, "invalid_request_error", "request_too_large", "INVALID_ARGUMENT")]
    [InlineData(414, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT")]
    [InlineData(429, "rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED")]
    [InlineData(430, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT")]
    [InlineData(499, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT")]
    [InlineData(500, "server_error", "api_error", "INTERNAL")]
    [InlineData(502, "server_error", "api_error", "UNAVAILABLE")]
    [InlineData(503, "server_error", "api_error", "UNAVAILABLE")]
    [InlineData(504, "server_error", "timeout_error", "DEADLINE_EXCEEDED")]
    [InlineData(505, "server_error", "api_error", "INTERNAL")]
    public void ErrorBody_AStatus_HasTheTypeOfEachDialect(int status, string openAi, string anthropic, string google)
    {
        var refused = new Refusal("gateway.test", status, Retryable: false, "Next.").With("Why.");
        Assert.Equal((openAi, anthropic, google), (
            Error(Spoken.OpenAi.ErrorBody(refused, "r", isElement: false)).GetProperty("type").GetString(),
            Error(Spoken.Anthropic.ErrorBody(refused, "r", isElement: false)).GetProperty("type").GetString(),
            Error(Spoken.Gemini.ErrorBody(refused, "r", isElement: false)).GetProperty("status").GetString()));

        static JsonElement Error(byte[] body) => JsonElement.Parse(body).GetProperty("error");
    }

    [Theory]
    [InlineData(false, JsonValueKind.Object)]
    [InlineData(true, JsonValueKind.Array)]
    public void ErrorBody_OfGeminisArray_IsAnElement(bool isElement, JsonValueKind kind)
    {
        var refused = new Refusal("gateway.test", 400, Retryable: false, "Next.").With("Why.");
        Assert.Equal(kind, JsonElement.Parse(Spoken.Gemini.ErrorBody(refused, "r", isElement)).ValueKind);
    }
}
