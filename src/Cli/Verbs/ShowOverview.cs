namespace Stipend.Cli;

/// <summary><c>stipend overview</c>: the programme in numbers.</summary>
internal static class ShowOverview
{
    private const int RowsShown = 50;

    public static Verb Build() =>
        new Verb("overview", "Show the programme in numbers.", "stipend overview", "stipend overview --json")
            .Does(async (call, ct) =>
                call.Show(
                    await call.GetAsync("Reading the overview", "api/v1/overview", ct),
                    reply => Sheet.Show(call.Output, reply, RowsShown)));
}
