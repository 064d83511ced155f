using System.Text;
using Guerdon.Providers;
using Microsoft.Extensions.Configuration;

namespace Guerdon.Unit.Providers;

/// <summary>A dialect in settings is a name. JSON can say null, which is none.</summary>
public sealed class NullDialectTests
{
    [Theory]
    [InlineData(
        "null", "Gateway:Providers:openai:Dialect is null: it must be OpenAi, Anthropic or Gemini, or left out.")]
    [InlineData("\"\"", "Gateway:Providers:openai:Dialect must be OpenAi, Anthropic or Gemini.")]
    [InlineData("\"Klingon\"", "Gateway:Providers:openai:Dialect must be OpenAi, Anthropic or Gemini.")]
    [InlineData("\"gemini\"", null)]
    public void Validate_DialectInJson_IsAnswered(string dialect, string? refused)
    {
        DialectConverter.Register();
        var provider = $"\"Dialect\":{dialect},\"BaseUrl\":\"https://api.example.com\",\"ApiKey\":\"sk-1\"";
        var json = "{\"Gateway\":{\"Providers\":{\"openai\":{" + provider + "}}}}";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var settings = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var options = settings.GetSection(GatewayOptions.Section).Get<GatewayOptions>()!;
        string[] wrong =
        [
            .. new UnreadProviders(settings).Validate(null, options).Failures ?? [],
            .. new ProviderRules().Validate(null, options).Failures ?? [],
        ];
        Assert.Equal(refused is null ? [] : [refused], wrong);
    }
}
