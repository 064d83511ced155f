using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

/// <summary>A value's bytes in the request body. Length 0: the body has no such value.</summary>
public readonly record struct Place(int Offset, int Length)
{
    public bool Exists => Length > 0;
}

/// <summary>
/// An output cap as the caller wrote it; <paramref name="Tokens"/> is null where it is absent or null.
/// </summary>
public readonly record struct AskedCap(Place Place, long? Tokens)
{
    /// <summary>Its name, with the quotes.</summary>
    public Place Name { get; init; }

    /// <summary>Where what stands before it ends: from there on it can be taken out, with its comma.</summary>
    public int Lead { get; init; }
}

/// <summary>
/// What one pass over a request's body finds: all that holding, forwarding and settling need to know.
/// </summary>
public record struct CallFacts
{
    public Api Api { get; set; }
    public string Model { get; set; }
    public bool Stream { get; set; }

    /// <summary>The cap in the member that the API documents now.</summary>
    public AskedCap Cap { get; set; }

    /// <summary>Chat completions' older <c>max_tokens</c>.</summary>
    public AskedCap OldCap { get; set; }

    /// <summary>Alternative answers asked for, each with the cap to itself.</summary>
    public long Choices { get; set; }

    /// <summary>Anthropic's and Gemini's thinking budget. A cap must be larger, or nothing is left to say.</summary>
    public long? ThinkingBudget { get; set; }

    /// <summary>A budget that bounds the thoughts alone, of models that think beside their cap: Alibaba's
    /// <c>thinking_budget</c>, or Anthropic's word for it.</summary>
    public long? ThoughtBudget { get; set; }

    /// <summary>The body says that the model is not to think.</summary>
    public bool ThinkingIsOff { get; set; }

    /// <summary>The body says otherwise how, or that, it is to think.</summary>
    public bool AsksThinking { get; set; }

    public bool HasTools { get; set; }

    /// <summary>
    /// Tools of the provider's own making, which come with instructions that the body does not spell out.
    /// </summary>
    public int BuiltInTools { get; set; }

    /// <summary>Bytes of the largest tool that the body defines, with its numbers written out.</summary>
    public long LargestTool { get; set; }

    /// <summary>Places in the prompt that name a tool, each of which its definition is read at once more.</summary>
    public int ToolReferences { get; set; }

    /// <summary>Something is asked for that the provider explains to the model in words of its own.</summary>
    public bool AddsWords { get; set; }

    /// <summary>The caller asks for cache writes, which cost more than input.</summary>
    public bool HasCacheControl { get; set; }

    public int Images { get; set; }

    /// <summary>Bytes of images inside the body. They are seen as pixels, never tokenised as text.</summary>
    public long ImageBytes { get; set; }

    /// <summary>Media that the body asks for or brings, and that the model must have a price for. Pictures among the
    /// input are not in it: models that have no price for them charge them as text.</summary>
    public Media Asked { get; set; }

    /// <summary>Gemini: the body says what the answer may be made of.</summary>
    public bool NamesModalities { get; set; }

    /// <summary>Pictures sent on the way to each one asked for.</summary>
    public long PartialImages { get; set; }

    /// <summary>Texts that are embedded.</summary>
    public int Texts { get; set; }

    /// <summary>The model reads more than the body holds: stored context or files.</summary>
    public bool ReadsBeyondBody { get; set; }

    /// <summary>A longer window that is asked for by name, whatever the price book has.</summary>
    public long AskedWindow { get; set; }

    /// <summary>Tools that the provider runs by itself; null: none.</summary>
    public List<HostedCall>? Hosted { get; set; }

    /// <summary>The most that all tools of the provider's may be used together, where the API takes that.</summary>
    public AskedCap MaxToolCalls { get; set; }

    /// <summary>Models that answer in turn where the first declines; null: none.</summary>
    public List<NamedModel>? Fallbacks { get; set; }

    /// <summary>The provider may summarise the conversation in runs of the model beside the one that answers.</summary>
    public bool Compacts { get; set; }

    /// <summary>The tier that is asked for; standard where none is.</summary>
    public ServiceTier Tier { get; set; }

    /// <summary>The body names a tier, and not <c>auto</c>.</summary>
    public bool NamesTier { get; set; }

    /// <summary>The tier's <c>auto</c> or null: it is left to the provider's settings.</summary>
    public Place OpenTier { get; set; }

    /// <summary>It is left to them by <c>auto</c>.</summary>
    public bool AsksOpenTier { get; set; }

    /// <summary>Bytes of an answer that the caller foretells: what does not come true is charged as output.</summary>
    public long PredictionBytes { get; set; }

    /// <summary><c>stream_options</c>, and <c>include_usage</c> inside it.</summary>
    public Place StreamOptions { get; set; }

    public bool StreamOptionsIsEmpty { get; set; }
    public Place IncludeUsage { get; set; }
    public bool IncludeUsageAsked { get; set; }

    /// <summary>Gemini's <c>generationConfig</c>, from its opening brace on, or its null.</summary>
    public Place Config { get; set; }

    public bool ConfigIsEmpty { get; set; }
    public bool ConfigIsNull { get; set; }

    /// <summary>Right after the root's opening brace: where a member can be put in.</summary>
    public int InsertAt { get; set; }

    public int BodyBytes { get; set; }

    /// <summary>Bytes by which its numbers may become longer where they are written again.</summary>
    public int Swelling { get; set; }

    /// <summary>Where the body names the model.</summary>
    public int ModelAt { get; set; }

    /// <summary>A row as it is for a call that asks for a longer window.</summary>
    public readonly Price Widened(Price price) =>
        AskedWindow > price.ContextTokens ? price with { ContextTokens = AskedWindow } : price;

    /// <summary>The larger of the caps asked for: whichever the provider obeys, it is not under-held.</summary>
    public readonly long? CapAsked => Cap.Tokens is { } cap ? Math.Max(cap, OldCap.Tokens ?? 0) : OldCap.Tokens;
}
