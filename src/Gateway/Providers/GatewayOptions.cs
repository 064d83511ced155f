using System.ComponentModel.DataAnnotations;

namespace Stipend.Gateway;

/// <summary>How calls are read, forwarded and relayed.</summary>
public sealed record GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The largest request body, in bytes.</summary>
    [Range(1_024, 1 << 30)]
    public int MaxBodyBytes { get; init; } = 32 << 20;

    /// <summary>Answers up to this many bytes are read whole, so that their cost can stand in a header.</summary>
    [Range(4_096, 1 << 28)]
    public int MaxBufferedBytes { get; init; } = 8 << 20;

    /// <summary>How long connecting to a provider may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a provider may take to begin its answer, and may be silent within it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an answer is read on for its usage when the caller has gone.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes of an answer are read on when the caller has gone.</summary>
    [Range(0, 1 << 30)]
    public int DrainBytes { get; init; } = 4 << 20;

    /// <summary>Connections to one provider; further requests wait for one.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; init; } = 1_024;

    /// <summary>Who serves models, by the provider's name in the price book.</summary>
    public Dictionary<string, ProviderOptions> Providers { get; init; } = [];
}

/// <summary>Where a provider is and what it is called with.</summary>
public sealed record ProviderOptions
{
    public Dialect Dialect { get; init; } = Dialect.OpenAi;

    /// <summary>What comes before <c>/v1/…</c> or <c>/v1beta/…</c>. HTTPS, or HTTP on this machine.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>The company's key. Never a caller's.</summary>
    public string ApiKey { get; init; } = "";

    // A record prints its members; this one's key must not end up in a log.
    public override string ToString() => $"{Dialect} {BaseUrl}";
}
