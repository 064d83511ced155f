using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert terms apply FILE</c>: proposes the terms' next version; the newest again adds none.
/// </summary>
internal static class ApplyConversionTerms
{
    public static Verb Build()
    {
        var file = Values.File("Conversion terms in YAML");
        return new Verb(
            "apply", "Propose conversion terms as the next version.", "guerdon convert terms apply conversion.yaml")
        {
            file,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var answer = await call.PostFileAsync($"Applying {path}", "api/v1/conversion-terms", path, "text/yaml", ct);
            return Waiting.Show(call, answer) ?? call.Show(answer, reply =>
            {
                var terms = reply.GetProperty("terms");
                var said = reply.GetProperty("added").GetBoolean() ? "are applied" : "were applied before";
                call.Output.Line(
                    $"Terms, version {ReplyList.Text(terms, "version")}, in effect from "
                    + $"{ReplyList.Text(terms, "effectiveFrom")}, {said}.");
            });
        });
    }
}
