namespace Stipend.Gateway;

/// <summary>Whose words a caller speaks. Refusals go back in the same.</summary>
public enum Dialect
{
    OpenAi = 1,
    Anthropic = 2,
}

/// <summary>The calls that the gateway forwards; every other path is refused.</summary>
public enum Api
{
    Chat = 1,
    Responses = 2,
    Embeddings = 3,
    Messages = 4,

    /// <summary>Counts tokens and generates none. Providers give it away, so it passes without a hold.</summary>
    CountTokens = 5,
}

internal static class Apis
{
    extension(Api api)
    {
        public Dialect Dialect => api >= Api.Messages ? Dialect.Anthropic : Dialect.OpenAi;

        /// <summary>The path below a provider's address, which is also the path that callers use.</summary>
        public string Path => api switch
        {
            Api.Chat => "/v1/chat/completions",
            Api.Responses => "/v1/responses",
            Api.Embeddings => "/v1/embeddings",
            Api.Messages => "/v1/messages",
            Api.CountTokens => "/v1/messages/count_tokens",
            _ => throw new ArgumentOutOfRangeException(nameof(api), api, null),
        };
    }
}
