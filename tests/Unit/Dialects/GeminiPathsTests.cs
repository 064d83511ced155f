using Guerdon.Dialects.Gemini;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Unit.Dialects;

public sealed class GeminiPathsTests
{
    [Theory]
    [InlineData("gemini-2.5-flash:generateContent", "", "GenerateContent")]
    [InlineData("gemini-2.5-flash:generateContent", "?alt=json&prettyPrint=false", "GenerateContent")]
    [InlineData("gemini-2.5-flash:generateContent", "?$alt=json%3Benum-encoding=int", "GenerateContent")]
    [InlineData("gemini-2.5-flash:streamGenerateContent", "?alt=sse", "StreamEvents")]
    [InlineData("gemini-2.5-flash:streamGenerateContent", "", "StreamArray")]
    [InlineData("gemini-2.5-flash:countTokens", "", "GeminiCountTokens")]
    public void Read_Served_IsTheCall(string segment, string query, string expected)
    {
        Assert.True(GeminiPaths.Read(Request(segment, query), segment).Is(out var call, out _));
        Assert.Equal((expected, "gemini-2.5-flash"), (call.Api.Name, call.Model));
    }

    [Theory]
    [InlineData("gemini-2.5-flash:embedContent", "", "gateway.path_not_served")]
    [InlineData("gemini-2.5-flash:batchGenerateContent", "", "gateway.path_not_served")]
    [InlineData("gemini-2.5-flash:GenerateContent", "", "gateway.path_not_served")]
    [InlineData("gemini-2.5-flash:", "", "gateway.path_not_served")]
    [InlineData("generateContent", "", "gateway.path_not_served")]
    [InlineData(":generateContent", "", "gateway.unknown_model")]
    [InlineData("..:generateContent", "", "gateway.unknown_model")]
    [InlineData("a/../b:generateContent", "", "gateway.unknown_model")]
    [InlineData("a?b:generateContent", "", "gateway.unknown_model")]
    [InlineData("m:countTokens:generateContent", "", "gateway.unknown_model")]
    [InlineData("m:generateContent", "?key=sk-guerdon-x", "gateway.key_in_url")]
    [InlineData("m:streamGenerateContent", "?alt=sse&key=sk-guerdon-x", "gateway.key_in_url")]
    [InlineData("m:embedContent", "?fields=a&access_token=x", "gateway.key_in_url")]
    [InlineData("m:generateContent", "?fields=candidates", "gateway.unknown_option")]
    [InlineData("m:generateContent", "?$fields=candidates", "gateway.unknown_option")]
    [InlineData("m:generateContent", "?alt=proto", "gateway.unknown_option")]
    [InlineData("m:generateContent", "?alt=json&alt=proto", "gateway.unknown_option")]
    [InlineData("m:generateContent", "?alt=sse", "gateway.unknown_option")]
    [InlineData("m:streamGenerateContent", "?callback=f", "gateway.unknown_option")]
    public void Read_NotServed_SaysWhy(string segment, string query, string code)
    {
        var refused = GeminiPaths.Read(Request(segment, query), segment).Refused;
        Assert.Equal(code, refused?.Refusal.Code);
        Assert.DoesNotContain("sk-guerdon", refused!.Detail, StringComparison.Ordinal);
    }

    private static HttpRequest Request(string segment, string query)
    {
        var request = new DefaultHttpContext().Request;
        request.Path = "/v1beta/models/" + segment;
        request.QueryString = new(query);
        return request;
    }
}
