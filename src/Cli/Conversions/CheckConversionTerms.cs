using Guerdon.Client;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert terms check FILE</c>: what the terms offer; nothing is saved.</summary>
internal static class CheckConversionTerms
{
    private const int RowsShown = 50;

    public static Verb Build()
    {
        var file = Values.File("Conversion terms in YAML");
        return new Verb(
            "check", "Check conversion terms without applying them.", "guerdon convert terms check conversion.yaml")
        {
            file,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var answer = await call.PostFileAsync(
                $"Checking {path}", "api/v1/conversion-terms/check", path, "text/yaml", ct);
            return call.Show(answer, reply =>
            {
                call.Output.Line($"{path} has good conversion terms.");
                call.Output.Line();
                Sheet.Show(call.Output, reply, RowsShown);
            });
        });
    }
}
