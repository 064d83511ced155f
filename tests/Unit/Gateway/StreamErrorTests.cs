using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Guerdon.Dialects;
using Guerdon.Dialects.Answers;
using Guerdon.Gateway.Forwarding;

namespace Guerdon.Unit.Gateway;

/// <summary>A stream that must end early ends with an error of its dialect, after whole events only.</summary>
public sealed class StreamErrorTests
{
    [Theory]
    [InlineData(Api.Chat, "data: ", "\n\n")]
    [InlineData(Api.Responses, "event: error\ndata: ", "\n\n")]
    [InlineData(Api.Messages, "event: error\ndata: ", "\n\n")]
    [InlineData(Api.StreamEvents, "data: ", "\r\n\r\n")]
    [InlineData(Api.StreamArray, ",\r\n", "]")]
    public void Of_EachApi_IsOneEventOfItsDialect(Api api, string before, string after)
    {
        var text = Encoding.UTF8.GetString(StreamError.Of(api, GatewayStop.Refused(), "req_1", events: 3));

        Assert.StartsWith(before, text, StringComparison.Ordinal);
        Assert.EndsWith(after, text, StringComparison.Ordinal);
        var json = JsonNode.Parse(text[before.Length..^after.Length])!;
        Assert.Contains("gateway.stopping", json.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(json["error"]);
        if (api == Api.Responses) Assert.Equal(3, (int)json["sequence_number"]!);
    }

    [Fact]
    public void Of_ArrayWithoutAnElement_OpensIt() => Assert.IsType<JsonArray>(JsonNode.Parse(
        StreamError.Of(Api.StreamArray, GatewayStop.Refused(), "req_1", events: 0)));

    [Fact]
    public void TryDropPart_EventHasNotComeWhole_LeavesItOut()
    {
        using var relay = new SseRelay(Dialect.OpenAi, isArray: false, hidesUsage: false, _ => "{}"u8.ToArray());
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
        using var relay = new SseRelay(Dialect.OpenAi, isArray: false, hidesUsage: false, _ => "{}"u8.ToArray());
        var output = new ArrayBufferWriter<byte>();
        relay.Feed("data: "u8, output);
        relay.Feed(new byte[SseRelay.MaxEventBytes + 1].AsSpan(), output);

        Assert.False(relay.TryDropPart());
    }
}
