using System.CommandLine;
using System.Text.Json;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.People;

/// <summary><c>guerdon people</c>: everybody, or a team and the teams under it. Pay is only in <c>--json</c>.</summary>
internal static class ListPeople
{
    private const int PageSize = 1_000;
    private const int MaxPages = 1_000;

    internal sealed record Page(IReadOnlyList<JsonElement> People, string? Next = null);

    public static Verb Build()
    {
        var team = new Option<string?>("--team")
        {
            Description = "Only this team and those under it.", HelpName = "PATH",
        };
        return new Verb(
            "people", "List people.", "guerdon people", "guerdon people --team Engineering/Platform") { team }
            .Does(async (call, ct) =>
            {
                var (people, no) = await AllAsync(call, call.Value(team), ct);
                if (no is not null) return call.Output.Refuse(no);
                if (people is null) return call.Unreadable();
                return call.Output.Done(new { people }, _ => Show(call.Output, people));
            });
    }

    private static async Task<(List<JsonElement>? People, ServerSaidNo? No)> AllAsync(
        Call call, string? team, CancellationToken ct)
    {
        var people = new List<JsonElement>();
        string? after = null;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var address = Call.Address("api/v1/people", ("team", team), ("after", after), ("limit", $"{PageSize}"));
            var answer = await call.GetAsync("Listing people", address, ct);
            if (answer.No is not null) return (null, answer.No);
            if (!Call.Read(answer.Reply, PeopleJson.Default.ListPeoplePage, out var page)) return (null, null);

            people.AddRange(page.People);
            if (page.Next is null) return (people, null);
            after = page.Next;
        }

        call.Output.Note($"Only the first {people.Count:#,0} people are listed; name a team to see fewer.");
        return (people, null);
    }

    private static void Show(Output output, List<JsonElement> people)
    {
        string[] names = ["email", "name", "team", "role", "level", "country", "leftOn"];
        string[] headers = ["E-mail", "Name", "Team", "Role", "Level", "Country", "Left"];
        var table = new TextTable();
        foreach (var header in headers) table.Left(header);
        foreach (var person in people)
            table.Row([.. names.Select(n => person.TryGetProperty(n, out var value) ? Sheet.Text(n, value) : "")]);
        if (table.Count > 0) output.Table(table);
        output.Note($"{Wording.Count(people.Count, "person", "people")}.");
    }
}
