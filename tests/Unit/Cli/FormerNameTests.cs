using Guerdon.Client;
using Guerdon.Terminal;

namespace Guerdon.Unit.Cli;

public sealed class FormerNameTests
{
    private static readonly string Variable = $"{FormerName.Word.ToUpperInvariant()}_HOME";

    [Fact]
    public async Task Run_AVariableOfTheFormerName_IsRefusedWithTheNameThatCounts()
    {
        var ran = await Typed.RunAsync(["overview"], variables: new() { [Variable] = "/somewhere" });

        Assert.Equal((ExitCodes.Misused, ""), (ran.Exit, ran.Results));
        Assert.StartsWith($"guerdon: {Variable} is set, which nothing reads", ran.Messages, StringComparison.Ordinal);
        Assert.EndsWith("set GUERDON_HOME instead.\n", ran.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BothNames_Runs()
    {
        var ran = await Typed.RunAsync(
            ["overview"], variables: new() { [Variable] = "/somewhere", ["GUERDON_HOME"] = "/elsewhere" });

        Assert.Equal(ExitCodes.Refused, ran.Exit); // for want of a server
        Assert.DoesNotContain(Variable, ran.Messages, StringComparison.Ordinal);
    }
}
