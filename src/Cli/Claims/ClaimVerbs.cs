using System.CommandLine;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Claims;

/// <summary>What the verbs of <c>guerdon claim</c> share.</summary>
internal static class ClaimVerbs
{
    public static Argument<string> Id() => Values.Id("CLAIM", "clm", "guerdon claim list");
}
