using System.ComponentModel.DataAnnotations;

namespace Guerdon.Sandbox;

/// <summary>What the sandbox takes from the program that runs it, and the limits it keeps.</summary>
public sealed record SandboxOptions
{
    public const string Section = "Sandbox";

    /// <summary>Dates the answers and times the delays that a test asks for.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Largest request body, in bytes; a larger one is refused with 413.</summary>
    [Range(1_024, 1_073_741_824)]
    public long MaxBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Largest uploaded file, in bytes.</summary>
    [Range(1_024, 1L << 34)]
    public long MaxFileBytes { get; init; } = 512L << 20;

    /// <summary>How long a tuning job runs.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan TuneFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Prompt prefixes remembered for cached-token counts, about 50 bytes each; the oldest go first.</summary>
    [Range(0, 16_777_216)]
    public int MaxPrefixes { get; init; } = 65_536;
}
