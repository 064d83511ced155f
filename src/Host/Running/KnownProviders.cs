namespace Guerdon.Host.Running;

/// <summary>Providers whose addresses are known, so that a key in the environment is all it takes.</summary>
internal static class KnownProviders
{
    private static readonly (string Provider, string Dialect, string BaseUrl, string KeyVariable)[] All =
    [
        ("openai", "OpenAi", "https://api.openai.com", "OPENAI_API_KEY"),
        ("anthropic", "Anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY"),
        ("google-ai-studio", "Gemini", "https://generativelanguage.googleapis.com", "GEMINI_API_KEY"),
        ("xai", "OpenAi", "https://api.x.ai", "XAI_API_KEY"),
        ("deepseek", "OpenAi", "https://api.deepseek.com", "DEEPSEEK_API_KEY"),
        ("mistral", "OpenAi", "https://api.mistral.ai", "MISTRAL_API_KEY"),
        ("moonshot", "OpenAi", "https://api.moonshot.ai", "MOONSHOT_API_KEY"),
    ];

    // Their own addresses do not end in /v1/…; only the sandbox serves them for now.
    private static readonly string[] SandboxOnly = ["zai", "alibaba"];

    /// <summary>Settings of the providers whose keys the environment has.</summary>
    public static Dictionary<string, string?> FromEnvironment()
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (provider, dialect, baseUrl, variable) in All)
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key)
                Add(settings, provider, dialect, baseUrl, key);
        return settings;
    }

    /// <summary>Settings that send every provider's calls to the sandbox.</summary>
    public static Dictionary<string, string?> AtSandbox(string address)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (provider, dialect, _, _) in All) Add(settings, provider, dialect, address, "sandbox");
        foreach (var provider in SandboxOnly) Add(settings, provider, "OpenAi", address, "sandbox");
        settings["Gateway:LocalProviders:sandbox"] = new Uri(address).Authority;
        return settings;
    }

    private static void Add(
        Dictionary<string, string?> settings, string provider, string dialect, string baseUrl, string key)
    {
        settings[$"Gateway:Providers:{provider}:Dialect"] = dialect;
        settings[$"Gateway:Providers:{provider}:BaseUrl"] = baseUrl;
        settings[$"Gateway:Providers:{provider}:ApiKey"] = key;
    }
}
