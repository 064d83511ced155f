using System.CommandLine;
using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.People;

/// <summary><c>guerdon person email PERSON ADDRESS</c>: the person stays who they are.</summary>
internal static class ChangeEmail
{
    internal sealed record Request(string Email);

    internal sealed record Reply(string Person, string Was, string Now);

    public static Verb Build()
    {
        var person = new Argument<string>("PERSON") { Description = "An e-mail address or id." };
        var email = new Argument<string>("ADDRESS") { Description = "The new e-mail address." };
        return new Verb(
            "email", "Change a person's e-mail address; id, wallet, keys and account stay the same.",
            "guerdon person email ada.byron@example.com ada.lovelace@example.com") { person, email }
            .Does(async (call, ct) =>
            {
                var answer = await call.PutAsync(
                    "Changing the address", $"api/v1/people/{Uri.EscapeDataString(call.Value(person))}/email",
                    new Request(call.Value(email)), PeopleJson.Default.ChangeEmailRequest, ct);
                return Waiting.Show(call, answer) ?? call.Show(answer, PeopleJson.Default.ChangeEmailReply, reply =>
                {
                    call.Output.Line(reply.Was == reply.Now
                        ? $"The person has {reply.Now} already."
                        : $"The person has {reply.Now} from now on, no longer {reply.Was}.");
                    return ExitCodes.Done;
                });
            });
    }
}
