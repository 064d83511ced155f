using System.Text.Json;
using Guerdon.Host.Inputs;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Unit.Host;

/// <summary>What is said of a body that is JSON, and not what was asked for.</summary>
public sealed class BadRequestsTests
{
    private sealed record Asked(long Tokens, string? Name, bool Now, DateOnly On)
    {
        public Inner? In { get; init; }
    }

    private sealed record Inner(string Text)
    {
        public required string Needed { get; init; }
    }

    // As the application reads bodies.
    private static readonly JsonSerializerOptions Strict =
        new(JsonSerializerOptions.Web) { AllowDuplicateProperties = false };

    [Theory]
    [InlineData("""{"tokens":null}""", "host.request_invalid", "tokens is null, not a number, on line 1.")]
    [InlineData("""{"tokens":true}""", "host.request_invalid", "tokens is true or false, not a number, on line 1.")]
    [InlineData("""{"tokens":"1e3"}""", "host.request_invalid",
        "tokens is not a whole number of at most 9223372036854775807, on line 1.")]
    [InlineData("""{"tokens":9223372036854775808}""", "host.request_invalid",
        "tokens is not a whole number of at most 9223372036854775807, on line 1.")]
    [InlineData("""{"now":null}""", "host.request_invalid", "now is null, not a boolean, on line 1.")]
    [InlineData("""{"name":"\ud800"}""", "host.text_invalid", "name has half a character or bytes that are not UTF-8.")]
    [InlineData("""{"name":"a","name":"b"}""", "host.request_invalid", "name has 'name' twice, on line 1.")]
    [InlineData("""{"in":[]}""", "host.request_invalid", "in is not what belongs there, on line 1.")]
    [InlineData("""{"in":{"text":"a"}}""", "host.request_invalid", "in lacks 'needed', on line 1.")]
    [InlineData("[]", "host.request_invalid", "The body is not what belongs there, on line 1.")]
    public void Of_MemberOfAnotherKind_NamesItAndWhatBelongsThere(string body, string code, string said)
    {
        var json = Assert.ThrowsAny<JsonException>(() =>
            JsonSerializer.Deserialize<Asked>(body, Strict));
        var refused = BadRequests.Of(new BadHttpRequestException("", StatusCodes.Status400BadRequest, json));

        Assert.Equal((code, said), (refused.Refusal.Code, refused.Detail));
    }
}
