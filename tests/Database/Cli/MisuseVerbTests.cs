namespace Guerdon.Database.Cli;

/// <summary>Command lines that make no sense: they end in exit 2, and no server hears of them.</summary>
public sealed class MisuseVerbTests(VerbServer server) : IClassFixture<VerbServer>
{
    private const string Run = "run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b";

    [Theory]
    [InlineData("policy apply - --from tomorrow")]
    [InlineData("price import -")] // in which format?
    [InlineData("price index --quarter 2027Q1 --apply")]
    [InlineData("price index --quarter 2027Q1 --from 2027-01-01")]
    [InlineData("price index --quarter 2027Q1 --buffer 5")]
    [InlineData("reconcile preview")]
    [InlineData("reconcile apply")]
    [InlineData("reconcile show --from 2026-13-01")]
    [InlineData("vesting check - --quantity 1")]
    [InlineData("vesting check - --start 2026-01-31")]
    [InlineData("vesting check - --quantity -1 --start 2026-01-31")]
    [InlineData("vesting check - --quantity 1 --start 2026-02-30")]
    [InlineData($"vesting record {Run} 1 --on 2026-11-20 --event launch --tokens 5 --reason x")]
    [InlineData($"grant reverse {Run}")]
    [InlineData($"grant reverse {Run} --reason x --alone")]
    [InlineData("grant award --plan p --period 2026-11 --person a@example.com")]
    [InlineData("convert reverse cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --approve --decline")]
    [InlineData("audit list --from 2026-11-02 --until 2026-11-01")]
    [InlineData("audit list --kind wrote")]
    [InlineData("audit export --to nowhere/acts.csv")]
    [InlineData("statement me --month 2026-11 --from 2026-11-01")]
    [InlineData("statement me --from 2026-11-02 --to 2026-11-01")]
    [InlineData("provider set openai --key-file sk-typed-by-mistake")]
    [InlineData("provider set openai --key-file -")]
    [InlineData("provider rotate openai")]
    [InlineData("provider rotate openai --retire --key-file -", "sk-1")]
    [InlineData("provider rotate openai --key-file - --grace 721", "sk-1")]
    public async Task Run_HalfAnOrder_IsMisuseAndAsksNothing(string line, string input = "\n")
    {
        server.Relay.Forget();

        var typed = await server.TypeAsync(VerbServer.Ann, line.Split(' '), input: input);

        Assert.Equal(2, typed.Exit);
        Assert.Equal(1, typed.Messages.Count(c => c == '\n'));
        Assert.Equal("", typed.Results);
        Assert.Empty(server.Relay.Exchanges);
        Assert.DoesNotContain("sk-", typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_StandardInputWithoutFormat_NamesTheOption() => Assert.Contains(
        "--format litellm or --format csv",
        (await server.TypeAsync(VerbServer.Ann, ["price", "import", "-"])).Messages, StringComparison.Ordinal);
}
