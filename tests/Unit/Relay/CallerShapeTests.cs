using System.Text.Json;
using Guerdon.Dialects.Gemini;
using Guerdon.Gateway;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Forwarding;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Callers;
using Guerdon.Unit.Architecture;
using Guerdon.Unit.Dialects;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Unit.Relay;

public sealed class CallerShapeTests
{
    public static TheoryData<string> Codes => [.. All.Select(r => r.Code)];

    private static IEnumerable<Refusal> All => RefusalList.Of(Modules.Assemblies).Select(r => r.Refusal)
        .Where(r => r.Code.StartsWith("gateway.", StringComparison.Ordinal));

    [Theory, MemberData(nameof(Codes))]
    public void Body_AnyRefusal_IsAnErrorOfEitherProvider(string code)
    {
        var refused = All.Single(r => r.Code == code).With("It is \"so\" — <b>.");

        var openAi = JsonElement.Parse(Spoken.OpenAi.ErrorBody(refused, "req_1", isElement: false))
            .GetProperty("error");
        Assert.Equal(JsonValueKind.Null, openAi.GetProperty("param").ValueKind);
        Assert.Equal(code, openAi.GetProperty("code").GetString());
        Assert.Equal($"{refused.Detail} {refused.Refusal.NextStep}", openAi.GetProperty("message").GetString());

        var anthropic = JsonElement.Parse(Spoken.Anthropic.ErrorBody(refused, "req_1", isElement: false));
        Assert.Equal("error", anthropic.GetProperty("type").GetString());
        Assert.Equal("req_1", anthropic.GetProperty("request_id").GetString());
        Assert.EndsWith("_error", anthropic.GetProperty("error").GetProperty("type").GetString()!
            .Replace("request_too_large", "_error", StringComparison.Ordinal), StringComparison.Ordinal);

        var google = JsonElement.Parse(GeminiError.Body(refused, "req_1", isElement: false)).GetProperty("error");
        Assert.Equal(refused.Refusal.Status, google.GetProperty("code").GetInt32());
        Assert.Equal($"{refused.Detail} {refused.Refusal.NextStep}", google.GetProperty("message").GetString());
        Assert.Matches("^[A-Z_]+$", google.GetProperty("status").GetString()!);
        var info = Assert.Single(google.GetProperty("details").EnumerateArray());
        Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", info.GetProperty("@type").GetString());
        Assert.Matches("^[A-Z][A-Z_]+[A-Z]$", info.GetProperty("reason").GetString()!);
        Assert.Equal(code, info.GetProperty("metadata").GetProperty("code").GetString());
    }

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1_200);

    [Fact]
    public async Task RefuseAsync_GeminisArrayStream_IsAnElementWithRetryInfo()
    {
        var http = new DefaultHttpContext();
        http.Request.Path = "/v1beta/models/m:streamGenerateContent";
        var body = new MemoryStream();
        http.Response.Body = body;
        await CallerShape.RefuseAsync(
            http, Spoken.Gemini, GatewayRefusals.WalletInFlight.With("Busy.") with { RetryAfter = Soon });
        var error = Assert.Single(JsonElement.Parse(body.ToArray()).EnumerateArray()).GetProperty("error");
        Assert.Equal("RESOURCE_EXHAUSTED", error.GetProperty("status").GetString());
        Assert.Equal("1.2s", error.GetProperty("details")[1].GetProperty("retryDelay").GetString());
        Assert.Equal("2", http.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task RefuseAsync_InFlight_TellsWhenToComeBack()
    {
        var http = new DefaultHttpContext();
        http.Response.Body = new MemoryStream();
        await CallerShape.RefuseAsync(
            http, Spoken.OpenAi, GatewayRefusals.WalletInFlight.With("Busy.") with { RetryAfter = Soon });
        Assert.Equal(429, http.Response.StatusCode);
        Assert.Equal("2", http.Response.Headers.RetryAfter);
        Assert.Equal("true", http.Response.Headers["x-should-retry"]);
    }

    [Theory]
    // nano-USD, charge and balance in milli-tokens
    [InlineData(123_000, 123_000, -5, "0.000123", "123.000", "-0.005")]
    [InlineData(1, 1, 0, "0.000000001", "0.001", "0.000")]
    [InlineData(1_234_500_000_000, 1_234_567_890, -1_500, "1234.500000", "1234567.890", "-1.500")]
    public void Report_Amounts_ArePlainDecimals(
        long nanos, long charge, long balance, string cost, string charged, string left)
    {
        var report =
            new CostReport(new Settled(new Costing(new Usd(nanos), new Tokens(charge)), new Tokens(balance)), 50, true);
        var json = JsonElement.Parse(report.ToJson());
        Assert.Equal(cost, json.GetProperty("cost_usd").GetString());
        Assert.Equal(charged, json.GetProperty("charge").GetString());
        Assert.Equal(left, json.GetProperty("balance").GetString());
        Assert.Equal(50, json.GetProperty("capped_to").GetInt64());
        Assert.True(json.GetProperty("estimated").GetBoolean());

        var headers = new HeaderDictionary();
        (report with { IsEstimate = false, CappedTo = null }).WriteHeaders(headers);
        Assert.Equal(cost, headers["x-guerdon-cost-usd"]);
        Assert.False(headers.ContainsKey("x-guerdon-estimated"));
        Assert.Contains("\"capped_to\":null", Make.Text((report with { CappedTo = null }).ToJson()),
            StringComparison.Ordinal);
    }
}
