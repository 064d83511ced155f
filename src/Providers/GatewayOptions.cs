using System.ComponentModel.DataAnnotations;
using Guerdon.Bounds.Edits;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;
using Guerdon.Outbound;

namespace Guerdon.Providers;

/// <summary>How calls are read, forwarded and relayed.</summary>
public sealed record GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The largest request body, in bytes.</summary>
    [Range(1_024, 1 << 30)]
    public int MaxBodyBytes { get; init; } = 32 << 20;

    /// <summary>Calls that one wallet may have in flight on a node: a quarter of a provider's connections.</summary>
    [Range(1, 100_000)]
    public int CallsOfOne { get; init; } = 256;

    /// <summary>Memory that the bodies of one wallet's calls may take together on a node, in bytes.</summary>
    [Range(1 << 20, 1L << 40)]
    public long BodyBytesOfOne { get; init; } = 256 << 20;

    /// <summary>
    /// Memory that the bodies of all calls may take together on a node, in bytes: a quarter of what the machine, or the
    /// container's limit, has.
    /// </summary>
    [Range(1 << 20, 1L << 40)]
    public long BodyBytesInAll { get; init; } = Math.Max(256 << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Answers up to this many bytes are read whole, so that their cost can stand in a header.</summary>
    [Range(4_096, 1 << 28)]
    public int MaxBufferedBytes { get; init; } = 8 << 20;

    /// <summary>How long connecting to a provider may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a provider may take to begin its answer, and may be silent within it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a caller may leave unread what waits for it, before it is taken to have left.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TakeWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long calls in flight may run on when the node is told to stop, before they are ended.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan FinishWithin { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// How long an answer is read on for its usage when the caller has gone. One that is not over by then is charged at
    /// the most it can still cost.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many bytes of an answer are read on when the caller has gone.</summary>
    [Range(0, 1 << 30)]
    public int DrainBytes { get; init; } = 32 << 20;

    /// <summary>Connections to one provider; further requests wait for one. Where each carries one call at a time, one
    /// person alone may have half of them: see <see cref="ConnectionShares"/>.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; init; } = 1_024;

    /// <summary>How many providers a call is taken to before its failure is the caller's; 1: no second try.</summary>
    [Range(1, 10)]
    public int Attempts { get; init; } = 3;

    /// <summary>
    /// A provider whose calls fail this often, in tenths of the calls and of the people, over ten seconds and ten calls
    /// is not called for <see cref="BreakFor"/>. One person's failures count only where a probe fails too.
    /// </summary>
    [Range(1, 10)]
    public int BreakAtTenths { get; init; } = 5;

    /// <summary>How long a failing provider is left alone, before each person may try it once.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Origins whose pages may call from a browser, as <c>https://chat.example.com</c>;
    /// none unless set.</summary>
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Which providers on this machine or in a private network may be set: their hosts (<c>127.0.0.1</c>), hosts with a
    /// port (<c>ollama:11434</c>) or networks (<c>10.1.0.0/16</c>). None by default.
    /// </summary>
    public string[] LocalProviders { get; init; } = [];

    internal AllowedInside AllowedInside => new($"{Section}:{nameof(LocalProviders)}", LocalProviders);

    /// <summary>Who serves models, by the provider's name in the price book.</summary>
    public Dictionary<string, ProviderOptions> Providers { get; init; } = [];
}

/// <summary>Where a provider is and what it is called with.</summary>
public sealed record ProviderOptions
{
    public Dialect Dialect { get; init; } = KnownDialects.Usual;

    /// <summary>What comes before <c>/v1/…</c> or <c>/v1beta/…</c>. HTTPS, or HTTP inside, where allowed.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>The company's key. Never a caller's.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>The key before it, for calls whose <see cref="ApiKey"/> the provider refuses; empty: none.</summary>
    public string SecondKey { get; init; } = "";

    /// <summary>
    /// Whose models it serves, by that provider's name in the price book. Empty: its own. Several may serve the same.
    /// </summary>
    public string Serves { get; init; } = "";

    /// <summary>Its share of the calls beside the others'. 0: only where none of them is left.</summary>
    [Range(0, 1_000_000)]
    public int Weight { get; init; } = 1;

    /// <summary>
    /// What it calls the output cap of a chat completion: <c>max_tokens</c> or <c>max_completion_tokens</c>. Empty: as
    /// <see cref="CapMembers"/> has it for whose models it serves.
    /// </summary>
    public string CapMember { get; init; } = "";

    /// <summary>Whose models it serves, where its own name is this.</summary>
    public string ServesOr(string name) => Serves.Length == 0 ? name : Serves;

    // A record prints its members; this one's keys must not end up in a log.
    public override string ToString() => $"{Dialect} {BaseUrl}";
}
