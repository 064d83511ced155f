using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Claims;

/// <summary><c>guerdon claim list</c>: one's own claims, somebody's or everybody's.</summary>
internal static class ListClaims
{
    public static Verb Build()
    {
        var person = Whose.Option();
        var all = new Option<bool>("--all") { Description = "Everybody's; for administrators." };
        var open = new Option<bool>("--open") { Description = "With --all: only those not decided." };
        return new Verb(
            "list", "List claims, and which look alike.", "guerdon claim list", "guerdon claim list --all --open")
        {
            person, all, open,
        }.Does(async (call, ct) =>
        {
            var address = call.Value(all)
                ? Call.Address("api/v1/claims", ("open", call.Value(open) ? "true" : null))
                : Whose.Path(call.Value(person), "claims");
            var answer = await call.GetAsync("Listing claims", address, ct);
            return call.Show(answer, reply => ReplyList.Show(
                call.Output, reply, "claims", "There are no claims.", new("Claim", "id"), new("Name", "name"),
                new("E-mail", "email"),
                new("Day", "spentOn"), new("Vendor", "vendor"), new("Service", "service"),
                new("Amount", "pays", true), new("State", "state"), new("Alike", "alike")));
        });
    }
}
