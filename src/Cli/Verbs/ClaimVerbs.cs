using System.CommandLine;
using Guerdon.Cli.Parsing;

namespace Guerdon.Cli.Verbs;

/// <summary>What the verbs of <c>guerdon claim</c> share.</summary>
internal static class ClaimVerbs
{
    public static Argument<string> Id() =>
        Values.Id("CLAIM", "clm", "guerdon claim list");
}
