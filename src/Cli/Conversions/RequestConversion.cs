using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert request FORM TOKENS</c>: sets tokens aside at the rate of this moment.</summary>
internal static class RequestConversion
{
    internal sealed record Request(string Key, string Form, long TokensMilli, int? Lot);

    public static Verb Build()
    {
        var (form, tokens, lot, person) = (ConversionVerbs.Form(), ConversionVerbs.Tokens(), Lot(), Whose.Option());
        var key = new Option<string?>("--key")
        {
            Description = "Your own name for this request; repeated under the same name it asks for nothing more.",
            HelpName = "KEY",
        };
        return new Verb(
            "request", "Ask to convert reward tokens; they are set aside until somebody decides.",
            "guerdon convert request cash 5000", "guerdon convert request equity 100000 --key autumn-equity")
        {
            form, tokens, lot, person, key,
        }.Does(async (call, ct) =>
        {
            var body = new Request(
                call.Value(key) ?? $"cli-{Guid.NewGuid():N}", call.Value(form),
                ConversionVerbs.Milli(call.Value(tokens)), call.Value(lot));
            var answer = await call.PostAsync(
                "Asking for a conversion", Whose.Path(call.Value(person), "conversions"), body,
                ConversionsJson.Default.RequestConversionRequest, ct);
            return call.Show(answer, reply =>
            {
                var made = reply.GetProperty("conversion");
                call.Output.Line(
                    $"{Text("id")} is {Text("state")}: {Text("pays")} for {Text("worthNanos")} USD,"
                    + $" {Text("amountMilli")} tokens.");
                call.Output.Note($"Its key is {body.Key}; with --key it can be repeated safely.");

                string Text(string property) => ReplyList.Text(made, property);
            });
        });
    }

    public static Option<int?> Lot() => Values.Whole(
        "--lot", "From this lot only; left out: those that expire first.", 1, int.MaxValue, "NUMBER");
}
