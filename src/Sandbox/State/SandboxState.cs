using Guerdon.Sandbox.Prompts;

namespace Guerdon.Sandbox.State;

/// <summary>What lives as long as one mapped sandbox: its options, the prefixes it saw, a request counter.</summary>
internal sealed class SandboxState(SandboxOptions options)
{
    private long _requests;

    public SandboxOptions Options { get; } = options;

    public TimeProvider Clock => Options.Clock;

    public PrefixCache Prefixes { get; } = new(options.MaxPrefixes);

    public TuningShop Tuning { get; } = new(options);

    public long NowSeconds => Clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>A request id, unique in this sandbox and the same in every run that asks in the same order.</summary>
    public string NextRequestId() => $"req_sandbox{Interlocked.Increment(ref _requests):x12}";
}
