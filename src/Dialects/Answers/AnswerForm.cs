using System.Text.Json;
using Guerdon.Dialects.Readings;

namespace Guerdon.Dialects.Answers;

/// <summary>What a member of an answer has of the things that the provider made.</summary>
internal enum PartOfAnswer
{
    /// <summary>It has none of them.</summary>
    None,

    /// <summary>All of them, in an array.</summary>
    All,

    /// <summary>One of them, in an event of a stream.</summary>
    One,
}

/// <summary>Where answers differ that are otherwise built alike, with the usage at the root or in an envelope, and text
/// in members called <c>delta</c>: what <see cref="AnswerWalk"/> asks while it reads.</summary>
internal abstract class AnswerForm
{
    /// <summary>An event without choices may carry the usage alone.</summary>
    public virtual bool HasUsageEvent => false;

    /// <summary>The usage in an envelope is a count, and no placeholder.</summary>
    public virtual bool CountsFromTheStart => false;

    /// <summary>A <c>stop_reason</c> in a delta ends the answer.</summary>
    public virtual bool StopsInDelta => false;

    /// <summary>Reads the usage that the reader stands on, to its last token.</summary>
    public abstract void ReadUsage(ref Utf8JsonReader json, bool isCount, ref UsageReading reading);

    /// <summary>What the member has on whose name the reader stands.</summary>
    public abstract PartOfAnswer PartAt(in Utf8JsonReader json);

    /// <summary>Reads the array of all things, to its last token.</summary>
    public abstract void ReadAll(ref Utf8JsonReader json, ref UsageReading reading);

    /// <summary>Reads one thing, to its last token, and gives it back where it counts only once it is done.</summary>
    public abstract OutputItem? ReadOne(ref Utf8JsonReader json, ref UsageReading reading);
}
