using Guerdon.Kernel;

namespace Guerdon.Cli;

/// <summary>What single verbs refuse by themselves; what any call may come to is in <c>ClientRefusals</c>, and all else
/// is the server's word.</summary>
internal static class CliRefusals
{
    public static readonly Refusal StatementDoesNotAdd = new("cli.statement_does_not_add", 502, Retryable: false,
        "Do not rely on it. Run 'guerdon verify' where the server is: it names the rows that are wrong.");
}
