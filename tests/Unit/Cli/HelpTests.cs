using System.CommandLine;
using System.Runtime.CompilerServices;
using Guerdon.Cli;

namespace Guerdon.Unit.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. Paths(CliModule.Build([]), "").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_OfEveryVerb_HasExamplesAndJson(string verb)
    {
        var typed = await Typed.RunAsync($"{verb} --help");

        Assert.Equal(0, typed.Exit);
        Assert.Equal("", typed.Messages);
        Assert.Contains("--json", typed.Results, StringComparison.Ordinal);
        Assert.Contains($"Examples:\n  guerdon {verb}", typed.Results, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Guide_OfTheCommandLine_ShowsEveryVerb(string verb)
    {
        var guide = File.ReadAllText(Path.Combine(Folder(), "../../../docs/guides/cli.md"));

        Assert.Contains($"\nguerdon {verb}", guide, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    public async Task Run_NoVerb_ShowsTheVerbs(string line)
    {
        var typed = await Typed.RunAsync(line);

        Assert.Equal(0, typed.Exit);
        Assert.Contains("  statement ", typed.Results, StringComparison.Ordinal);
        Assert.Contains("Examples:", typed.Results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_HalfACommandLine_IsStillHelp()
    {
        var typed = await Typed.RunAsync("grant run --plan p --help");

        Assert.Equal(0, typed.Exit);
        Assert.Contains("--period", typed.Results, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(Command command, string above) => command.Subcommands.SelectMany(
        verb => verb.Subcommands.Count > 0 ? Paths(verb, $"{above}{verb.Name} ") : [above + verb.Name]);

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
