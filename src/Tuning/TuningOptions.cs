using System.ComponentModel.DataAnnotations;

namespace Guerdon.Tuning;

/// <summary>Which provider tunes models, what it may be sent, and how its jobs are followed.</summary>
internal sealed record TuningOptions
{
    public const string Section = "Gateway:Tuning";

    /// <summary>Whose models are tuned, by the provider's name in the price book; it speaks OpenAI's dialect.</summary>
    [Required]
    public string Service { get; init; } = "openai";

    /// <summary>The largest training file, in bytes. It is passed on as it comes, never stored.</summary>
    [Range(1_024L, 1L << 34)]
    public long MaxFileBytes { get; init; } = 512L << 20;

    /// <summary>The most epochs that a job may ask for.</summary>
    [Range(1, 1_000)]
    public int MaxEpochs { get; init; } = 50;

    /// <summary>
    /// The epochs that are held and sent upstream where a job leaves them to the provider (<c>auto</c>, or nothing).
    /// </summary>
    [Range(1, 1_000)]
    public int AutoEpochs { get; init; } = 3;

    /// <summary>
    /// How long the provider may take to answer about a job. After twice that, a job whose creation was not answered is
    /// looked for in the provider's list.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a new job is asked for; the longer it runs, the less often.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an old job is asked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "1.00:00:00")]
    public TimeSpan PollAtMost { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a provider may not know a job of its own, before what is held for it is released.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "30.00:00:00")]
    public TimeSpan ForgottenAfter { get; init; } = TimeSpan.FromHours(24);
}
