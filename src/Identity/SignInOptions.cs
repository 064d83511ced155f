using System.ComponentModel.DataAnnotations;

namespace Guerdon.Identity;

/// <summary>How long sessions last and how often a password may be tried.</summary>
public sealed record SignInOptions
{
    public const string Section = "SignIn";

    /// <summary>Rounds of PBKDF2 for new passwords; OWASP's figure. Tests and the demo lower it.</summary>
    [Range(1_000, 10_000_000)]
    public int PasswordIterations { get; init; } = 600_000;

    /// <summary>How long a session lasts after its last use.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan SessionFor { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long a session lasts at most, however it is used.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan SessionAtMost { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a link works by which somebody sets their password.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan LinkFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Failed tries a minute from one address for one e-mail, or from one browser that is known.</summary>
    [Range(1, 1_000)]
    public int TriesPerMinute { get; init; } = 10;

    /// <summary>Failed tries a minute from one address (IPv6: a /64) for any e-mail: each costs a slow hash.</summary>
    [Range(1, 100_000)]
    public int TriesPerAddressPerMinute { get; init; } = 60;
}
