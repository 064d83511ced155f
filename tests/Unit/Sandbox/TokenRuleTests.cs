using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Guerdon.Sandbox.Prompts;

namespace Guerdon.Unit.Sandbox;

public class TokenRuleTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(4_096, 1_024)]
    public void Count_Bytes_IsOneTokenForEveryFourBegun(int bytes, int tokens) =>
        Assert.Equal(tokens, TokenRule.Count(bytes));

    [Fact]
    public void Tokens_AnyMessages_AreAtMostTheBytesOfTheBody() => Prop.ForAll(
        Gen.ArrayOf(Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Elements("", "a", "naïve", "\u0000\n\"\\", "日本語", "😀", "[]"))).ToArbitrary(),
        texts =>
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(texts.Select(text => new { content = text }));
            return Read(body).Tokens <= body.Length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tokens_SmallestMessages_AreAtMostTheBytesOfTheBody()
    {
        var body = "[{},{},{}]"u8.ToArray();
        Assert.InRange(Read(body).Tokens, 9, body.Length);
    }

    [Fact]
    public void AddText_EscapedAndPlain_CountAlike()
    {
        var plain = Read("[{\"content\":\"naïve ☂\"}]"u8.ToArray());
        var escaped = Read("""[{"content":"na\u00efve \u2602"}]"""u8.ToArray());
        Assert.Equal(plain.Tokens, escaped.Tokens);
        Assert.Equal(plain.Bytes, escaped.Bytes);
    }

    [Fact]
    public void AddText_LoneSurrogate_IsCountedAsWritten()
    {
        var prompt = Read("""[{"content":"\ud800"}]"""u8.ToArray());
        Assert.Equal("\\ud800", Encoding.UTF8.GetString(prompt.Bytes));
    }

    private static PromptText Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var prompt = new PromptText();
        foreach (var message in document.RootElement.EnumerateArray())
        {
            prompt.BeginMessage();
            if (message.TryGetProperty("content", out var content)) prompt.AddText(content);
        }
        return prompt;
    }
}
