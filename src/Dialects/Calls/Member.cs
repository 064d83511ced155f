namespace Guerdon.Dialects.Calls;

/// <summary>What a top-level member of a request means to the gateway, whatever a provider calls it.</summary>
public enum Member
{
    /// <summary>It changes no price, and nothing in it is read but for models' names.</summary>
    Known,

    /// <summary>Text, a schema or a label of the caller's own, in which anything may stand.</summary>
    Free,

    /// <summary>As <see cref="Known"/>; the provider explains to the model what is asked.</summary>
    Worded,

    /// <summary>Anthropic's form of an answer, and its budget for a task.</summary>
    OutputConfig,

    Model,
    Content,
    System,
    Stream,
    StreamOptions,
    Cap,
    OldCap,
    Choices,
    Tools,
    Functions,
    Thinking,
    CacheControl,
    Background,
    ServiceTier,
    Speed,
    Geography,
    Modalities,
    Audio,
    PartialImages,
    Size,
    MaxToolCalls,

    /// <summary>A search that comes with the model.</summary>
    Search,

    /// <summary>How a model is to think, in any words; what is held for it is for Bounds to say.</summary>
    Thoughts,
    ThinkingSwitch,
    ThinkingBudget,

    Servers,
    Fallbacks,
    Contexts,
    Compaction,
    Prediction,
    Reasoning,
    Moderation,

    /// <summary>Anthropic's betas, where they are named in the body.</summary>
    Betas,

    /// <summary>Context that is not in the body.</summary>
    Beyond,

    /// <summary>What it leads to is seen nowhere in the body, so its cost cannot be bounded.</summary>
    Unbounded,

    /// <summary>Another model may be run by it than the one that is asked.</summary>
    OtherModel,
}
