using System.Globalization;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon grant show RUN</c>: its state and the first of its lines.</summary>
internal static class ShowRun
{
    private const int LinesShown = 20;

    internal sealed record Page(IReadOnlyList<RunGrants.Line> Lines, int? Next = null);

    public static Verb Build()
    {
        var id = RunVerbs.Id();
        return new Verb(
            "show", "Show a run's state and its lines.", "guerdon grant show run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does(async (call, ct) =>
        {
            var answer = await call.GetAsync("Reading the run", RunVerbs.Of(call.Value(id)), ct);
            if (answer.No is not null || call.Output.IsJson)
                return call.Show(answer, GrantsJson.Default.RunVerbsRun, run => RunVerbs.Show(call.Output, run));

            var limit = LinesShown.ToString(CultureInfo.InvariantCulture);
            var lines = await call.GetAsync(
                "Reading its lines", Call.Address($"{RunVerbs.Of(call.Value(id))}/lines", ("limit", limit)), ct);
            return call.Show(lines, GrantsJson.Default.ShowRunPage, page =>
            {
                call.Output.Table(RunGrants.Table(page.Lines));
                if (page.Next is not null) call.Output.Line("and more; GET /api/v1/grants/runs/{id}/lines has all.");
                call.Output.Line();
                return call.Show(answer, GrantsJson.Default.RunVerbsRun, run => RunVerbs.Show(call.Output, run));
            });
        });
    }
}
