using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Guerdon.Dialects.Calls;
using Guerdon.Gateway.Forwarding;
using Guerdon.Relay.Answers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Gateway;

/// <summary>A stream that must end early ends with an error of its dialect, after whole events only.</summary>
public sealed class StreamErrorTests
{
    [Theory]
    [InlineData("Chat", "data: ", "\n\n")]
    [InlineData("Responses", "event: error\ndata: ", "\n\n")]
    [InlineData("Messages", "event: error\ndata: ", "\n\n")]
    [InlineData("StreamEvents", "data: ", "\r\n\r\n")]
    [InlineData("StreamArray", ",\r\n", "]")]
    public void Of_EachApi_IsOneEventOfItsDialect(ApiName api, string before, string after)
    {
        var text = Encoding.UTF8.GetString(Of(api, events: 3));

        Assert.StartsWith(before, text, StringComparison.Ordinal);
        Assert.EndsWith(after, text, StringComparison.Ordinal);
        var json = JsonNode.Parse(text[before.Length..^after.Length])!;
        Assert.Contains("gateway.stopping", json.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(json["error"]);
        if (api == Apis.Responses) Assert.Equal(3, (int)json["sequence_number"]!);
    }

    [Fact]
    public void Of_ArrayWithoutAnElement_OpensIt() => Assert.IsType<JsonArray>(JsonNode.Parse(
        Of(Apis.StreamArray, events: 0)));

    private static byte[] Of(Api api, int events) =>
        api.Dialect.ErrorEvent(api, GatewayStop.Refused(), "req_1", events);

    [Fact]
    public void TryDropPart_EventHasNotComeWhole_LeavesItOut()
    {
        using var relay = new SseRelay(Spoken.OpenAi, isArray: false, hidesUsage: false, _ => "{}"u8.ToArray());
        var output = new ArrayBufferWriter<byte>();
        relay.Feed("data: {\"a\":1}\n\ndata: {\"b\":"u8, output);

        Assert.True(relay.TryDropPart());
        relay.Complete(output);

        Assert.Equal("data: {\"a\":1}\n\n", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(1, relay.Events);
    }

    [Fact]
    public void TryDropPart_HalfOfALongEventIsOut_SaysSo()
    {
        using var relay = new SseRelay(Spoken.OpenAi, isArray: false, hidesUsage: false, _ => "{}"u8.ToArray());
        var output = new ArrayBufferWriter<byte>();
        relay.Feed("data: "u8, output);
        relay.Feed(new byte[SseRelay.MaxEventBytes + 1].AsSpan(), output);

        Assert.False(relay.TryDropPart());
    }
}
