using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert quote FORM TOKENS</c>: what a conversion would bring; nothing is set aside.</summary>
internal static class QuoteConversion
{
    internal sealed record Request(string Form, long TokensMilli, int? Lot);

    public static Verb Build()
    {
        var (form, tokens, lot, person) =
            (ConversionVerbs.Form(), ConversionVerbs.Tokens(), RequestConversion.Lot(), Whose.Option());
        return new Verb(
            "quote", "Show what reward tokens would bring now; nothing is set aside.",
            "guerdon convert quote cash 5000", "guerdon convert quote time_off 250000 --lot 3")
        {
            form, tokens, lot, person,
        }.Does(async (call, ct) =>
        {
            var body = new Request(call.Value(form), ConversionVerbs.Milli(call.Value(tokens)), call.Value(lot));
            var answer = await call.PostAsync(
                "Asking for a quote", Whose.Path(call.Value(person), "conversions/quote"), body,
                ConversionsJson.Default.QuoteConversionRequest, ct);
            return call.Show(answer, reply => Sheet.Show(call.Output, reply, rows: 20));
        });
    }
}
