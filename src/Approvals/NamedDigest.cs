using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Who decides names the digest of what they read, so that nothing else is decided.</summary>
/// <param name="Needed">Says that none was named.</param>
/// <param name="Differs">Says that it is another.</param>
public sealed record NamedDigest(Refusal Needed, Refusal Differs)
{
    /// <summary>Why what somebody names is not what they would decide on, or null.</summary>
    /// <param name="of">What is decided, as a refusal names it.</param>
    /// <param name="digest">What it has now, in hexadecimal digits.</param>
    /// <param name="named">What they name, in any case; null: nothing.</param>
    public Refused? Check(string of, string? digest, string? named)
    {
        if (string.IsNullOrWhiteSpace(named)) return Needed.With($"No digest was named. {of} has the digest {digest}.");
        return string.Equals(named.Trim(), digest, StringComparison.OrdinalIgnoreCase)
            ? null : Differs.With($"{of} has the digest {digest}, not the one that was named.");
    }
}
