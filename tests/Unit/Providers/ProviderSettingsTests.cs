using System.Text;
using System.Text.Json;
using Guerdon.Providers;
using Microsoft.Extensions.Configuration;

namespace Guerdon.Unit.Providers;

/// <summary>Settings in JSON can say null where a text was meant.</summary>
public sealed class ProviderSettingsTests
{
    [Theory]
    [InlineData(
        "null", "Gateway:Providers:openai:Dialect is null: it must be OpenAi, Anthropic or Gemini, or left out.")]
    [InlineData("\"\"", "Gateway:Providers:openai:Dialect must be OpenAi, Anthropic or Gemini.")]
    [InlineData("\"Klingon\"", "Gateway:Providers:openai:Dialect must be OpenAi, Anthropic or Gemini.")]
    [InlineData("\"gemini\"", null)]
    public void Validate_DialectInJson_IsAnswered(string dialect, string? refused)
    {
        Assert.Equal(refused is null ? [] : [refused], Wrong(
            $"\"Dialect\":{dialect},\"BaseUrl\":\"https://api.example.com\",\"ApiKey\":\"sk-1\""));
    }

    [Theory]
    [InlineData("BaseUrl")]
    [InlineData("ApiKey")]
    [InlineData("SecondKey")]
    [InlineData("CapMember")]
    [InlineData("Serves")]
    public void Validate_NullInJson_IsRefusedByItsName(string setting)
    {
        var texts = new Dictionary<string, string?>
        {
            ["BaseUrl"] = "https://api.example.com", ["ApiKey"] = "sk-1", [setting] = null,
        };
        Assert.Equal(
            [$"Gateway:Providers:openai:{setting} is null: it must be a text, or left out."],
            Wrong(string.Join(',', texts.Select(text => $"\"{text.Key}\":{JsonSerializer.Serialize(text.Value)}"))));
    }

    private static string[] Wrong(string provider)
    {
        DialectConverter.Register();
        var json = "{\"Gateway\":{\"Providers\":{\"openai\":{" + provider + "}}}}";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var settings = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var options = settings.GetSection(GatewayOptions.Section).Get<GatewayOptions>()!;
        return
        [
            .. new UnreadProviders(settings).Validate(null, options).Failures ?? [],
            .. new ProviderRules().Validate(null, options).Failures ?? [],
        ];
    }
}
