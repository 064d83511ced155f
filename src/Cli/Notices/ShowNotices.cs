using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Notices;

/// <summary><c>guerdon notices</c>: what one was told.</summary>
internal static class ShowNotices
{
    internal sealed record Request(IReadOnlyList<string>? Notices);

    public static Verb Build()
    {
        var person = Whose.Option();
        var seen = new Option<bool>("--seen") { Description = "Mark all of your own as seen." };
        return new Verb("notices", "Show your notices.", "guerdon notices", "guerdon notices --seen")
        {
            person, seen,
        }.Does(async (call, ct) =>
        {
            var answer = await call.GetAsync("Reading notices", Whose.Path(call.Value(person), "notices"), ct);
            if (answer.No is null && call.Value(seen))
            {
                var marked = await call.PostAsync(
                    "Marking notices", Whose.Path(call.Value(person), "notices/seen"), new Request(null),
                    NoticesJson.Default.ShowNoticesRequest, ct);
                if (marked.No is { } no) return call.Output.Refuse(no);
            }

            return call.Show(answer, reply => ReplyList.Show(
                call.Output, reply, "notices", "There are no notices.", new("Given", "createdAt"),
                new("About", "subject"), new("Notice", "text"), new("Seen", "seenAt")));
        });
    }
}
