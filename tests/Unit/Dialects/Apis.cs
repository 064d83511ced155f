using Guerdon.Dialects.Anthropic;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Gemini;
using Guerdon.Dialects.Known;
using Guerdon.Dialects.OpenAi;

namespace Guerdon.Unit.Dialects;

/// <summary>The dialects, for tests that are about one of them.</summary>
internal static class Spoken
{
    public static Dialect OpenAi => OpenAiDialect.Instance;
    public static Dialect Anthropic => AnthropicDialect.Instance;
    public static Dialect Gemini => GeminiDialect.Instance;
}

/// <summary>The calls, for tests that are about one of them.</summary>
internal static class Apis
{
    public static Api Chat => OpenAiApis.Chat;
    public static Api Responses => OpenAiApis.Responses;
    public static Api Embeddings => OpenAiApis.Embeddings;
    public static Api Images => OpenAiApis.Images;
    public static Api Messages => AnthropicApis.Messages;
    public static Api GenerateContent => GeminiApis.GenerateContent;
    public static Api StreamEvents => GeminiApis.StreamEvents;
    public static Api StreamArray => GeminiApis.StreamArray;
    public static Api GeminiCountTokens => GeminiApis.CountTokens;

    public static IEnumerable<Api> All => KnownDialects.All.SelectMany(dialect => dialect.Apis);
}

/// <summary>A call by its name, as rows of theories have it.</summary>
public readonly record struct ApiName(string Name)
{
    public static implicit operator ApiName(string name) => new(name);

    public static implicit operator ApiName(Api api) => new(api.Name);

    public static implicit operator Api(ApiName name) => Apis.All.Single(api => api.Name == name.Name);

    public override string ToString() => Name;
}

/// <summary>A dialect by its name, as rows of theories have it.</summary>
public readonly record struct DialectName(string Name)
{
    public static implicit operator DialectName(string name) => new(name);

    public static implicit operator Dialect(DialectName name) =>
        KnownDialects.All.Single(dialect => dialect.Name == name.Name);

    public override string ToString() => Name;
}
