using Guerdon.Bounds.Plans;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Bounds;

/// <summary>What Alibaba's models think beside a cap that bounds their answer alone.</summary>
public class ThoughtsTests
{
    private const long Window = 400_000;

    [Theory]
    [InlineData("openai", "qwen-plus", "", 0, null)] // only Alibaba's
    [InlineData("alibaba", "qwen-plus", "", Window, Window)]
    [InlineData("alibaba", "qwen-plus", ",\"n\":3", 3 * Window, Window)]
    [InlineData("alibaba", "qwen-plus", ",\"thinking_budget\":500", 500, null)]
    [InlineData("alibaba", "qwen-plus", ",\"thinking_budget\":500,\"n\":2", 1_000, null)]
    [InlineData("alibaba", "qwen-plus", ",\"thinking_budget\":400001", Window, null)] // no more than the window
    [InlineData("alibaba", "qwen-plus", ",\"enable_thinking\":false", 0, null)]
    [InlineData("alibaba", "qwen-plus", ",\"enable_thinking\":true", Window, Window)]
    [InlineData("alibaba", "qwen-plus", ",\"chat_template_kwargs\":{\"a\":1},\"thinking_budget\":500", Window, Window)]
    [InlineData("alibaba", "glm-4", ",\"thinking_budget\":500", Window, Window)] // others do not take one
    [InlineData("alibaba", "qwen2-72b", "", 0, null)]
    [InlineData("alibaba", "qwen3-coder-plus", "", 0, null)]
    [InlineData("alibaba", "qwen3-thinking", ",\"enable_thinking\":false", Window, Window)]
    [InlineData("alibaba", "deepseek-r1", ",\"enable_thinking\":false", Window, Window)]
    [InlineData("alibaba", "qwen3-max", "", Window, Window)]
    [InlineData("alibaba", "qwen3.4-max", "", Window, Window)]
    [InlineData("alibaba", "qwen3.5-max", "", 0, null)] // takes a cap that has its thoughts in
    [InlineData("alibaba", "qwen3.8-max", "", 0, null)]
    [InlineData("alibaba", "qwen4", "", 0, null)]
    [InlineData("alibaba", "qwen3.8", "", 0, null)]
    public void BesideCap_OfAModel_IsWhatNothingBounds(
        string provider, string model, string more, long beside, long? unbounded)
    {
        var call = Make.Call(Apis.Chat, $$"""{"model":"{{model}}","messages":[],"max_tokens":10{{more}}}""");
        var price = Make.Price(provider, model, Window);
        Assert.Equal(beside, Thoughts.BesideCap(call, price));
        Assert.Equal(unbounded, Thoughts.Unbounded(call, price));
    }

    [Fact]
    public void BesideCap_OfACallWithoutACap_IsNothing() => Assert.Equal(0, Thoughts.BesideCap(
        Make.Call(Apis.Embeddings, """{"model":"qwen-plus","input":"a"}"""), Make.Price("alibaba", "qwen-plus")));

    // In Anthropic's form all makers' bodies are alike, and no version takes the other cap.
    [Theory]
    [InlineData("qwen3.8-max", "", Window)]
    [InlineData("qwen3.8-max", ",\"thinking\":{\"type\":\"disabled\"}", 0)]
    [InlineData("qwen3.8-max", ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", 2_000)]
    public void BesideCap_InAnthropicsForm_IsOfAllVersions(string model, string more, long beside) => Assert.Equal(
        beside, Thoughts.BesideCap(
            Make.Call(Apis.Messages, $$"""{"model":"{{model}}","messages":[],"max_tokens":3000{{more}}}"""),
            Make.Price("alibaba", model, Window)));
}
