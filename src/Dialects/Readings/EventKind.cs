namespace Guerdon.Dialects.Readings;

/// <summary>What one event of a stream is to the gateway.</summary>
public enum EventKind
{
    /// <summary>Relayed as it is.</summary>
    Other,

    /// <summary>Chat's chunk without choices that carries the usage.</summary>
    UsageOnly,

    /// <summary>The event that ends a Responses or Messages stream.</summary>
    Terminal,

    /// <summary>Chat's <c>[DONE]</c>.</summary>
    Done,

    /// <summary>Gemini's chunk from the finish on: the last of them ends the stream.</summary>
    PerhapsLast,
}
