using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.PriceImports;

/// <summary>LiteLLM's names for what the price book has, by the book's own.</summary>
internal static class LiteLlmNames
{
    /// <summary>Members of an entry, without the threshold that some end in.</summary>
    public const string Provider = "litellm_provider", Mode = "mode", Input = "input_cost_per_token",
        Output = "output_cost_per_token", CachedInput = "cache_read_input_token_cost",
        CacheWrite5m = "cache_creation_input_token_cost", CacheWrite1h = CacheWrite5m + "_above_1hr",
        Reasoning = "output_cost_per_reasoning_token", Window = "max_input_tokens", MaxTokens = "max_tokens",
        MaxOutput = "max_output_tokens", AudioInput = "input_cost_per_audio_token",
        ImageInput = "input_cost_per_image_token", AudioOutput = "output_cost_per_audio_token",
        ImageOutput = "output_cost_per_image_token";

    // Only the makers' own offers: the same models elsewhere (azure, bedrock, vertex_ai, openrouter, …) are other
    // offers at prices of their own.
    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["openai"] = "openai", ["anthropic"] = "anthropic", ["gemini"] = "google-ai-studio", ["xai"] = "xai",
        ["deepseek"] = "deepseek", ["mistral"] = "mistral", ["moonshot"] = "moonshot", ["zai"] = "zai",
        ["dashscope"] = "alibaba",
    };

    private static readonly string[] Modes = ["chat", "responses", "embedding"];

    /// <summary>The book's name of a provider, or null where the book has none such.</summary>
    public static string? ProviderOf(string theirs) => Providers.GetValueOrDefault(theirs);

    /// <summary>What members of a tier end in.</summary>
    public static readonly (ServiceTier Tier, string Ending)[] Tiers =
        [(ServiceTier.Flex, "_flex"), (ServiceTier.Priority, "_priority"), (ServiceTier.Batch, "_batches")];

    /// <summary>USD for a search of the web, by the size of what it brings; the member is an object.</summary>
    public const string SearchCosts = "search_context_cost_per_query";

    /// <summary>USD for a thousand searches of files, and for a container in which code runs.</summary>
    public const string FileSearchPer1K = "file_search_cost_per_1k_calls",
        CodePerSession = "code_interpreter_cost_per_session";

    /// <summary>Whether Google charges a model's searches by the prompt (up to 2.5), not the query (since 3).</summary>
    public static bool IsGroundedByPrompt(string provider, string model) => provider == "google-ai-studio"
        && (model.StartsWith("gemini-1", StringComparison.Ordinal)
            || model.StartsWith("gemini-2", StringComparison.Ordinal));

    /// <summary>Whether models of this mode are priced by tokens, of text and perhaps of media.</summary>
    public static bool IsText(string mode) => Modes.Contains(mode);

    /// <summary>Whether models of this mode make pictures; some are priced by tokens, others by the picture.</summary>
    public static bool IsPictures(string mode) => mode == "image_generation";

    /// <summary>The name that callers use: <c>gemini/gemini-2.5-pro</c> without its provider.</summary>
    public static string ModelOf(string key, string theirs) =>
        key.StartsWith(theirs + "/", StringComparison.Ordinal) ? key[(theirs.Length + 1)..] : key;

    /// <summary>
    /// The threshold that a member ends in, in tokens: 200,000 of <c>input_cost_per_token_above_200k_tokens</c>. Null
    /// where it ends in none, or in more (<c>…_above_200k_tokens_priority</c> is another service).
    /// </summary>
    public static long? ThresholdOf(string member)
    {
        const string before = "_above_", after = "k_tokens";
        if (!member.EndsWith(after, StringComparison.Ordinal)) return null;
        var stem = member.AsSpan(0, member.Length - after.Length);
        var start = stem.LastIndexOf(before);
        if (start < 0 || stem.Length - start - before.Length > 6) return null;

        return long.TryParse(stem[(start + before.Length)..], System.Globalization.NumberStyles.None, null, out var k)
            && k > 0 ? k * 1_000 : null;
    }

    /// <summary>A member's name above a threshold.</summary>
    public static string Above(string member, long tokens) => $"{member}_above_{tokens / 1_000}k_tokens";
}
