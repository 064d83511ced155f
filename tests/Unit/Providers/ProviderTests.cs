using Guerdon.Dialects.Calls;
using Guerdon.Outbound;
using Guerdon.Providers;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Providers;

public sealed class ProviderTests
{
    [Theory]
    [InlineData("https://api.openai.com", "https://api.openai.com/")]
    [InlineData("https://api.openai.com/v1/", "https://api.openai.com/")]
    [InlineData("https://host.example/openai/v1", "https://host.example/openai")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/", "https://generativelanguage.googleapis.com/")]
    [InlineData("http://127.0.0.1:8090", "http://127.0.0.1:8090/")]
    [InlineData("http://[::1]:8090", "http://[::1]:8090/")]
    [InlineData("http://localhost:8090", "http://localhost:8090/")]
    [InlineData("http://ollama:11434/v1", "http://ollama:11434/")]
    [InlineData("http://10.1.2.3:8000", "http://10.1.2.3:8000/")]
    [InlineData("http://api.openai.com", null)]
    [InlineData("http://169.254.169.254", null)]
    [InlineData("http://127.0.0.1.example.com", null)]
    [InlineData("https://user:word@api.openai.com", null)]
    [InlineData("https://api.openai.com?x=1", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("api.openai.com", null)]
    [InlineData("", null)]
    public void TryAddress_Address_IsSafeOrRefused(string text, string? used)
    {
        var isSafe = ProviderRules.TryAddress(text, out var address);
        Assert.Equal(used, isSafe ? address.AbsoluteUri : null);
    }

    [Theory]
    [InlineData("https://api.openai.com", "sk-1", 0)]
    [InlineData("http://127.0.0.1:1", "", 0)]
    [InlineData("http://127.0.0.1:22", "", 1)]
    [InlineData("http://10.0.0.5", "sk-1", 1)]
    [InlineData("https://169.254.169.254", "sk-1", 1)]
    [InlineData("https://api.openai.com", "", 1)]
    [InlineData("https://api.openai.com", "a key\n", 1)]
    [InlineData("http://api.openai.com", "a\nb", 2)]
    public void Validate_Provider_NamesAllThatIsWrong(string url, string key, int wrong)
    {
        var options = new GatewayOptions
        {
            LocalProviders = ["127.0.0.1:1"], Providers = { ["openai"] = new() { BaseUrl = url, ApiKey = key } },
        };
        Assert.Equal(wrong, new ProviderRules().Validate(null, options).Failures?.Count() ?? 0);
    }

    [Theory]
    [InlineData("http://127.0.0.1:22", "", "private network")]
    [InlineData("http://2130706433", "", "private network")]
    [InlineData("http://[::ffff:127.0.0.1]:22", "", "private network")]
    [InlineData("http://[::1]:22", "", "private network")]
    [InlineData("http://0.0.0.0", "", "private network")]
    [InlineData("http://localhost", "", "private network")]
    [InlineData("https://localhost.", "", "private network")]
    [InlineData("https://a.localhost", "", "private network")]
    [InlineData("https://192.168.1.1", "", "private network")]
    [InlineData("https://[fd12::1]", "", "private network")]
    [InlineData("https://100.64.0.1", "", "private network")]
    [InlineData("http://127.0.0.1:22", "127.0.0.1:8090", "private network")]
    [InlineData("http://127.0.0.1:8090", "127.0.0.1:8090", null)]
    [InlineData("http://127.0.0.1:22", "127.0.0.1", null)]
    [InlineData("http://[::1]:22", "::1", null)]
    [InlineData("http://10.1.2.3", "10.1.0.0/16", null)]
    [InlineData("http://10.2.2.3", "10.1.0.0/16", "private network")]
    [InlineData("http://ollama:11434", "ollama:11434", null)]
    [InlineData("http://ollama:11434", "", "private network")]
    [InlineData("http://169.254.169.254", "169.254.169.254", "metadata")]
    [InlineData("https://169.254.1.1", "0.0.0.0/0", "metadata")]
    [InlineData("http://[fe80::1]", "fe80::1", "metadata")]
    [InlineData("http://[fd00:ec2::254]", "fd00::/8", "metadata")]
    [InlineData("http://100.100.100.200", "100.100.100.200", "metadata")]
    [InlineData("https://metadata.google.internal", "metadata.google.internal", "metadata")]
    [InlineData("https://api.openai.com", "", null)]
    [InlineData("https://[64:ff9b::7f00:1]/", "", "A:Setting")]
    public void Inside_Address_IsCalledWhereItIsNamedAndNeverOnTheLink(string url, string allowed, string? reason)
    {
        var wrong = InsideAddresses.Wrong(
            new Uri(url), new AllowedInside("A:Setting", allowed.Length == 0 ? [] : [allowed]));
        if (reason is null) Assert.Null(wrong);
        else Assert.Contains(reason, wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GenerateContent", "v1beta/models/gemini-2.5-pro:generateContent")]
    [InlineData("StreamEvents", "v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse")]
    [InlineData("StreamArray", "v1beta/models/gemini-2.5-pro:streamGenerateContent")]
    [InlineData("GeminiCountTokens", "v1beta/models/gemini-2.5-pro:countTokens")]
    public void Request_Gemini_NamesTheModelAndCarriesTheCompanysKey(ApiName api, string path)
    {
        var settings = new ProviderOptions
        {
            Dialect = Spoken.Gemini, BaseUrl = "https://g.example/x", ApiKey = "ours",
        };
        using var provider = new Provider("google-ai-studio", settings, new GatewayOptions(), TimeProvider.System);
        using var content = new StringContent("{}");
        using var request = provider.Request(new CallFacts { Api = api, Model = "gemini-2.5-pro" }, true, content);
        Assert.Equal("https://g.example/x/" + path, request.RequestUri!.AbsoluteUri);
        Assert.Equal("ours", request.Headers.GetValues("x-goog-api-key").Single());
        Assert.Null(request.Headers.Authorization);
    }

    [Theory]
    [InlineData("OpenAi", "Responses", "responses", "Authorization", "Bearer ours")]
    [InlineData("Anthropic", "CountTokens", "messages/count_tokens", "x-api-key", "ours")]
    public void Request_OfOnePath_IsItsOwnApis(DialectName dialect, ApiName api, string path, string header, string key)
    {
        var settings = new ProviderOptions { Dialect = dialect, BaseUrl = "https://g.example/v1", ApiKey = "ours" };
        var address = $"https://g.example/v1/{path}?beta=true";
        using var provider = new Provider("p", settings, new GatewayOptions(), TimeProvider.System);
        using var content = new StringContent("{}");
        using var request = provider.Request(new CallFacts { Api = api, Model = "m" }, true, content);
        Assert.Equal((address, key), (request.RequestUri!.AbsoluteUri, request.Headers.GetValues(header).Single()));
    }
}
