using System.Text.Json;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert terms list</c>: every version, and which would be refused today.</summary>
internal static class ListConversionTerms
{
    public static Verb Build() =>
        new Verb("list", "List conversion terms, and which versions would be refused today.",
            "guerdon convert terms list")
            .Does(async (call, ct) =>
            {
                var answer = await call.GetAsync("Listing conversion terms", "api/v1/conversion-terms", ct);
                return call.Show(answer, reply =>
                {
                    ReplyList.Show(call.Output, reply, "terms", "No conversion terms were applied.",
                        new("Version", "version", true), new("In effect from", "effectiveFrom"),
                        new("Applied", "appliedAt"), new("By", "appliedBy"));
                    foreach (var doubt in reply.GetProperty("doubts").EnumerateArray()) Show(call.Output, doubt);
                });
            });

    private static void Show(Output output, JsonElement doubt)
    {
        output.Line();
        output.Line($"Version {ReplyList.Text(doubt, "version")} would be refused today:");
        foreach (var reason in doubt.GetProperty("reasons").EnumerateArray())
            output.Line($"  {reason.GetString()}");
    }
}
