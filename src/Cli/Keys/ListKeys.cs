using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Keys;

/// <summary><c>guerdon key list</c>: names and hints; the keys themselves are known to nobody.</summary>
internal static class ListKeys
{
    private const int RowsShown = 1_000;

    public static Verb Build()
    {
        var person = new Option<string>("--person")
        {
            Description = "Whose: an e-mail address, id or 'me'.", HelpName = "EMAIL", Required = true,
        };
        return new Verb("list", "List a person's keys.", "guerdon key list --person ada@example.com") { person }
            .Does(async (call, ct) =>
            {
                var address = Call.Address("api/v1/keys", ("person", Values.OrCaller(call.Value(person))));
                return call.Show(await call.GetAsync("Listing keys", address, ct), reply =>
                {
                    if (!Sheet.HasRows(reply)) call.Output.Note($"{call.Value(person)} has no keys.");
                    Sheet.Show(call.Output, reply, RowsShown);
                });
            });
    }
}
