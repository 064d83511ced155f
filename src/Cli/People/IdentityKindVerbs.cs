using System.CommandLine;
using System.Text.Json;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.People;

/// <summary><c>guerdon person kinds</c> and <c>kind NAME</c>: what people are known by elsewhere.</summary>
internal static class IdentityKindVerbs
{
    internal sealed record Request(string Kind, bool FindsPerson);

    public static Verb BuildList() =>
        new Verb(
            "kinds", "List the kinds of identity that a file of people may have a column for.", "guerdon person kinds")
            .Does(async (call, ct) =>
            {
                var answer = await call.GetAsync("Listing kinds", "api/v1/people/identity-kinds", ct);
                return call.Show(answer, reply =>
                {
                    var table = new TextTable().Left("Kind").Left("Identifies people");
                    foreach (var kind in reply.GetProperty("kinds").EnumerateArray())
                        table.Row(kind.GetProperty("kind").GetString()!, Word(kind));
                    call.Output.Table(table);
                });
            });

    public static Verb BuildDeclare()
    {
        var name = new Argument<string>("NAME") { Description = "As the column is called, such as badge_number." };
        var finds = new Option<bool>("--finds-person")
        {
            Description = "Recognise people by it in a file, before their e-mail address: for numbers that HR gives.",
        };
        return new Verb(
            "kind", "Declare a kind of identity, so that a file of people may have a column for it.",
            "guerdon person kind badge_number --finds-person") { name, finds }
            .Does(async (call, ct) =>
            {
                var answer = await call.PostAsync(
                    "Declaring the kind", "api/v1/people/identity-kinds",
                    new Request(call.Value(name), call.Value(finds)), PeopleJson.Default.IdentityKindVerbsRequest, ct);
                return call.Show(answer, reply => call.Output.Line(
                    $"{reply.GetProperty("kind").GetString()} may be a column in a file of people."
                    + (Word(reply) == "yes" ? " People are recognised by it." : "")));
            });
    }

    private static string Word(JsonElement kind) => kind.GetProperty("findsPerson").GetBoolean() ? "yes" : "no";
}
