using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Readings;

/// <summary>What an answer has said about its usage so far, in the provider's own terms.</summary>
/// <remarks>
/// Later values replace earlier ones, field by field: providers report running totals, never increments.
/// </remarks>
public record struct UsageReading
{
    private const int MostChoices = 128;

    private UInt128 _finished; // a bit for each alternative
    private bool _isOver;

    /// <summary>OpenAI and Gemini: all input. Anthropic: input outside the cache.</summary>
    public long Input { get; set; }
    public long CacheRead { get; set; }
    public long CacheWrite { get; set; }

    /// <summary>The parts of <see cref="CacheWrite"/> by lifetime, where the provider tells them apart.</summary>
    public long CacheWrite5m { get; set; }
    public long CacheWrite1h { get; set; }
    public long Output { get; set; }
    public long Reasoning { get; set; }

    /// <summary>Gemini: what its own tools put into the prompt, beside <see cref="Input"/>.</summary>
    public long ToolInput { get; set; }

    /// <summary>Gemini: output without <see cref="Reasoning"/>, which is the other part of it.</summary>
    public long Candidates { get; set; }

    /// <summary>How many alternatives were asked for, each of which ends by itself; 0 is one.</summary>
    public int Choices { get; init; }

    /// <summary>The answer has ended: it said why, for each alternative, or that it is over. What it counts is final;
    /// what it counted before was the state of things.</summary>
    public readonly bool IsFinished => _isOver || (int)UInt128.PopCount(_finished) >= Math.Max(1, Choices);

    public long AudioInput { get; private set; }
    public long ImageInput { get; private set; }
    public long AudioOutput { get; private set; }
    public long ImageOutput { get; private set; }

    /// <summary>The answer has told media apart in its output, if only to say that there were none.</summary>
    public bool TellsOutput { get; private set; }

    public bool HasInput { get; set; }

    /// <summary>It has counted its output, so far or to its end. Anthropic's placeholder at the beginning is no count.
    /// </summary>
    public bool CountsOutput { get; set; }

    /// <summary>Output is the final count: Gemini, and whoever is asked for continuous usage, counts on the way.
    /// </summary>
    public readonly bool HasOutput => CountsOutput && IsFinished;

    /// <summary>
    /// Bytes of text, reasoning and tool arguments delivered: what a missing count is estimated from.
    /// </summary>
    public long DeliveredBytes { get; set; }

    /// <summary>The model that answered, as the answer names it; null where it does not.</summary>
    public string? Model { get; set; }

    /// <summary>How it was served, where the answer says so in a word that is known.</summary>
    public ServiceTier? Tier { get; set; }

    /// <summary>The provider answered with an error, whatever the status says.</summary>
    public bool IsError { get; set; }

    /// <summary>Whose doing that is.</summary>
    public Fault Fault { get; set; }

    /// <summary>What it used besides; null where there is no more.</summary>
    public AnswerNotes? Notes { get; set; }

    public readonly AnswerNotes NotesSoFar => Notes ?? AnswerNotes.None;

    /// <summary>It has counted something itself.</summary>
    public readonly bool HasCounts =>
        Input + CacheRead + CacheWrite + CacheWrite5m + CacheWrite1h + Output > 0
        || (Notes is { } notes && (notes.Iterations.Length > 0 || notes.Counters.Count > 0));

    /// <summary>An error in place of an answer: nothing was delivered, and the output was never counted.</summary>
    public readonly bool IsFree => IsError && DeliveredBytes == 0 && !(HasOutput && HasCounts);

    /// <summary>All of it has ended.</summary>
    public void Finish() => _isOver = true;

    /// <summary>Nothing comes any more, and it did not break off. Where an alternative said why it ended, those that
    /// were never begun have too.</summary>
    /// <param name="isLast">What came last is what ends such answers.</param>
    public void End(bool isLast) => _isOver |= isLast || _finished != 0;

    /// <summary>An alternative has said why it ended.</summary>
    public void Finish(long choice)
    {
        if (choice is >= 0 and < MostChoices) _finished |= UInt128.One << (int)choice;
    }

    public void Note(Doubts doubt, string name, long count) => Notes = NotesSoFar.With(doubt, name, count);

    /// <summary>Notes a tier or a region by a word that has no price.</summary>
    public void NoteTier(string word) => Note(Doubts.OtherTier, word, 1);

    /// <summary>Takes what is told apart of input or output; null leaves what was told before.</summary>
    public void SetMedia(bool isOutput, long? audio = null, long? image = null)
    {
        if (isOutput)
        {
            (AudioOutput, ImageOutput) = (audio ?? AudioOutput, image ?? ImageOutput);
            TellsOutput = true;
        }
        else
        {
            (AudioInput, ImageInput) = (audio ?? AudioInput, image ?? ImageInput);
        }
    }
}
