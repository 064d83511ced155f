using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Conversions;

/// <summary><c>guerdon convert list</c>: one's own conversions, somebody's or everybody's.</summary>
internal static class ListConversions
{
    public static Verb Build()
    {
        var person = Whose.Option();
        var all = new Option<bool>("--all") { Description = "Everybody's; for administrators." };
        var state = new Option<string?>("--state")
        {
            Description = "With --all: only those in this state, such as locked.", HelpName = "STATE",
        };
        return new Verb(
            "list", "List conversions and their states.",
            "guerdon convert list", "guerdon convert list --all --state locked")
        {
            person, all, state,
        }.Does(async (call, ct) =>
        {
            var address = call.Value(all)
                ? Call.Address("api/v1/conversions", ("state", call.Value(state)))
                : Whose.Path(call.Value(person), "conversions");
            var answer = await call.GetAsync("Listing conversions", address, ct);
            return call.Show(answer, reply => ReplyList.Show(
                call.Output, reply, "conversions", "There are no conversions.", new("Conversion", "id"),
                new("Name", "name"), new("E-mail", "email"), new("Pays", "pays", true),
                new("Pays USD", "paysNanos", true),
                new("Worth USD", "worthNanos", true), new("Tokens", "amountMilli", true),
                new("Class", "taxClass"), new("State", "state"), new("Step", "step", true),
                new("Rate until", "lockUntil")));
        });
    }
}
