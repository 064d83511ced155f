using Guerdon.Dialects.Readings;
using Guerdon.Relay.Answers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Relay;

public sealed class AnswerTailTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(16_385)]
    [InlineData(32_768)]
    [InlineData(200_000)]
    public void Read_LongBodyInPieces_FindsTheUsageAtItsEnd(int piece)
    {
        var body = Make.Utf8("{\"data\":[\"" + new string('x', 150_000)
            + "\\\"usage\\\":{\\\"prompt_tokens\\\":1}\"],\"usage\": "
                + "{\"prompt_tokens\":8,\"total_tokens\":8},\"user\":\"u\"}");
        var tail = new AnswerTail();
        foreach (var part in body.Chunk(piece)) tail.Add(part);
        var reading = default(UsageReading);
        tail.Read(Spoken.OpenAi, ref reading);
        Assert.Equal((true, 8L), (reading.HasInput, reading.Input));
    }

    [Fact]
    public void Read_GeminisLongBody_FindsItsUsage()
    {
        var tail = new AnswerTail();
        tail.Add(Make.Utf8("{\"candidates\":[{\"content\":\"" + new string('x', 90_000)
            + "\"}],\"usageMetadata\": {\"promptTokenCount\": 8,\"thoughtsTokenCount\":2},\"responseId\":\"r\"}"));
        var reading = default(UsageReading);
        tail.Read(Spoken.Gemini, ref reading);
        Assert.Equal((true, 8L, 2L), (reading.HasOutput, reading.Input, reading.Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"data\":[]}")]
    [InlineData("{\"usage\":null}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":8,\"total")]
    [InlineData("{\"usage\":")]
    public void Read_NoWholeUsage_SaysNothing(string body)
    {
        var tail = new AnswerTail();
        tail.Add(Make.Utf8(body));
        var reading = default(UsageReading);
        tail.Read(Spoken.OpenAi, ref reading);
        Assert.False(reading.HasOutput);
    }
}
