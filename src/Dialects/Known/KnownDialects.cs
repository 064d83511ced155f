using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Guerdon.Dialects.Anthropic;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Gemini;
using Guerdon.Dialects.OpenAi;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Dialects.Known;

/// <summary>The dialects that Guerdon speaks. A new one is a folder with its <see cref="Dialect"/>, and a line here.
/// </summary>
public static class KnownDialects
{
    // The most of all makers without a dialect of their own: Alibaba's models go highest, since an item's max_pixels
    // may ask for 16,384.
    private const long MostPictureTokens = 16_500;

    public static readonly ImmutableArray<Dialect> All =
    [
        OpenAiDialect.Instance,
        AnthropicDialect.Instance,
        GeminiDialect.Instance,
    ];

    /// <summary>What is spoken where nobody says what.</summary>
    public static Dialect Usual => All[0];

    /// <summary>The names, as a sentence has them: <c>OpenAi, Anthropic or Gemini</c>.</summary>
    public static readonly string Names =
        string.Join(", ", All.SkipLast(1).Select(dialect => dialect.Name)) + " or " + All[^1].Name;

    /// <summary>Every name of a hosted tool that a policy may use.</summary>
    public static readonly IReadOnlyList<string> ToolNames =
        [.. All.SelectMany(dialect => dialect.HostedTools).Select(tool => tool.Name).Distinct()];

    /// <summary>The dialect of a name, in whatever case; false where it is none.</summary>
    public static bool TryFind(string? name, [NotNullWhen(true)] out Dialect? dialect)
    {
        dialect = All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return dialect is not null;
    }

    /// <summary>The dialect of a path; elsewhere SDKs tell themselves by a header.</summary>
    public static Dialect Of(HttpRequest request)
    {
        foreach (var dialect in All)
            if (dialect.IsSpokenIn(request)) return dialect;
        return Usual;
    }

    /// <summary>The most tokens that a picture takes, by the maker of the model.</summary>
    public static long PictureTokens(Price price)
    {
        foreach (var dialect in All)
            if (dialect.PictureTokens(price) is { } most) return most;
        return MostPictureTokens;
    }
}
