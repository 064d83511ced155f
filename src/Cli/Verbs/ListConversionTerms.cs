using Guerdon.Cli.Parsing;

namespace Guerdon.Cli.Verbs;

/// <summary><c>guerdon convert terms list</c>: every version, and which would be refused today.</summary>
internal static class ListConversionTerms
{
    public static Verb Build() =>
        new Verb("list", "List conversion terms, and which of them new ones may not be like.",
            "guerdon convert terms list")
            .Does(async (call, ct) =>
            {
                var answer = await call.GetAsync("Listing conversion terms", "api/v1/conversion-terms", ct);
                return call.Show(answer, reply =>
                {
                    PayVerbs.List(call.Output, reply, "terms", "No conversion terms were applied.",
                        new("Version", "version", true), new("In effect from", "effectiveFrom"),
                        new("Applied", "appliedAt"), new("By", "appliedBy"));
                    foreach (var doubt in reply.GetProperty("doubts").EnumerateArray())
                    {
                        call.Output.Line();
                        call.Output.Line($"Version {PayVerbs.Text(doubt, "version")} would be refused today:");
                        foreach (var reason in doubt.GetProperty("reasons").EnumerateArray())
                            call.Output.Line($"  {reason.GetString()}");
                    }
                });
            });
}
