using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Gemini;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Bounds;

public sealed class CallBoundsTests
{
    private const string Picture =
        """{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":"""
            + """{"type":"base64","data":"AAAA"}}]}]}""";

    [Theory]
    [InlineData("Chat", """{"model":"m","messages":[]}""", "openai", 27 + 256)]
    [InlineData("Chat", """{"model":"m","messages":[],"tools":[{}]}""", "openai", 40 + 1_024)]
    [InlineData("Messages", Picture, "anthropic", 112 - 4 + 256 + 5_000)]
    [InlineData("Messages", """{"model":"m","messages":[],"container":"c"}""", "anthropic", 400_000)]
    [InlineData("Embeddings", """{"model":"m","input":[[1,2,3]]}""", "openai", 31)]
    [InlineData("Messages", Picture, "alibaba", 112 - 4 + 256 + 16_500)]
    // A number that may be written out where the provider writes the arguments again: 24 bytes for each.
    [InlineData("Messages", """{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","input":"""
        + """{"a":[1e20,1E5,12,-1.5e300]}}]}]}""", "anthropic", 116 + 256 + 20 + 21 + 16)]
    // What is sealed with nothing in it is fetched from the provider's store, as what is not sealed at all.
    [InlineData("Responses", """{"model":"m","input":[{"type":"reasoning","id":"r","encrypted_content":""}]}""",
        "openai", 400_000)]
    public void Input_ByContent_Is(ApiName api, string body, string provider, long bound) =>
        Assert.Equal(bound, CallBounds.Input(Make.Call(api, body), Make.Price(provider)));

    [Fact]
    public void Input_LongerThanTheWindow_IsTheWindow()
    {
        var call = Make.Call(Apis.Chat,
            $$"""{"model":"m","messages":[{"role":"user","content":"{{new string('x', 9_000)}}"}]}""");
        Assert.Equal(8_192, CallBounds.Input(call, Make.Price(window: 8_192)));
    }

    [Fact]
    public void Input_ManyEmbeddings_PassTheWindowOfEach()
    {
        var call = Make.Call(Apis.Embeddings, $$"""{"model":"m","input":["{{new string('x', 9_000)}}"]}""");
        Assert.True(CallBounds.Input(call, Make.Price(window: 8_192)) > 9_000);
    }

    [Theory]
    // asked, n, model's most → held over all choices
    [InlineData("100", 1, 100)]
    [InlineData("100", 4, 400)]
    [InlineData("null", 1, 64_000)]
    [InlineData("null", 2, 128_000)]
    [InlineData("999999", 1, 64_000)]
    [InlineData("9223372036854775807", 128, 64_000 * 128)]
    public void Output_ByCapAndChoices_Is(string cap, int choices, long held)
    {
        var call = Make.Call(Apis.Chat, $$"""{"model":"m","messages":[],"max_tokens":{{cap}},"n":{{choices}}}""");
        Assert.Equal(held, CallBounds.Output(call, Make.Price()));
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[],"max_tokens":32000}""", 16)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":5}""", 5)]
    [InlineData("""{"model":"m","messages":[],"max_tokens":32000,"thinking":{"budget_tokens":2000}}""", 2_001)]
    public void OutputFloor_IsUsefulAndAboveTheThinkingBudget(string body, long floor) =>
        Assert.Equal(floor, CallBounds.OutputFloor(Make.Call(Apis.Messages, body), Make.Price("anthropic")));

    [Theory]
    [InlineData(72_057_594_037_927_936, 128)] // 2^56 and one, times 128, is less than nothing
    [InlineData(2_305_843_009_213_693_952, 4)]
    [InlineData(9_223_372_036_854_775_807, 2)]
    public void OutputFloor_OfABudgetThatOverflows_IsStillACap(long budget, int choices)
    {
        var config = $$"""{"maxOutputTokens":900,"candidateCount":{{choices}}"""
            + $",\"thinkingConfig\":{{\"thinkingBudget\":{budget}}}}}";
        var result = GeminiReader.Read(
            Apis.GenerateContent, "m", Make.Utf8("{\"contents\":[],\"generationConfig\":" + config + "}"),
            ReadingRules.None);
        Assert.True(result.Is(out var call, out var refused), refused?.ToString());

        var floor = CallBounds.OutputFloor(call, Make.Price("google-ai-studio"));

        Assert.Equal(900 * choices, floor); // no less can be held, and so none of 0 be sent, which is no cap at all
        Assert.Null(CallBounds.CapToSend(call, Make.Price("google-ai-studio"), floor));
    }

    [Fact]
    public void CapToSend_WhereNothingIsGenerated_IsNone() => Assert.Null(
        CallBounds.CapToSend(Make.Call(Apis.Embeddings, """{"model":"m","input":"a"}"""), Make.Price(), 0));

    [Theory]
    // asked, n, admitted over all → sent to each
    [InlineData("100", 1, 100, null)]
    [InlineData("100", 1, 60, 60L)]
    [InlineData("100", 3, 200, 66L)]
    [InlineData("null", 1, 64_000, null)]
    [InlineData("null", 1, 63_999, 63_999L)]
    [InlineData("999999", 1, 64_000, 64_000L)] // what is sent is never more than what is held
    public void CapToSend_ByAdmitted_Is(string cap, int choices, long admitted, long? sent)
    {
        var call = Make.Call(Apis.Chat, $$"""{"model":"m","messages":[],"max_tokens":{{cap}},"n":{{choices}}}""");
        Assert.Equal(sent, CallBounds.CapToSend(call, Make.Price(), admitted));
    }
}
