using System.CommandLine;
using Guerdon.Cli;
using Guerdon.Host.Verbs;

namespace Guerdon.Unit.Cli;

/// <summary>No option takes the words after its value: an argument may come before it or after.</summary>
public sealed class OptionTests
{
    public static TheoryData<string> Verbs => [.. Paths(Root(), "").Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Verbs))]
    public void Options_OfEveryVerb_TakeOneWordEach(string verb)
    {
        var command = verb.Split(' ').Aggregate(
            (Command)Root(), (at, name) => at.Subcommands.Single(c => c.Name == name));
        foreach (var option in command.Options)
        {
            Assert.False(option.AllowMultipleArgumentsPerToken, $"{verb} {option.Name} takes what comes after it");
            if (option.Arity.MaximumNumberOfValues == 0) continue;
            var parse = Root().Parse([.. verb.Split(' '), option.Name, "one", "two"]);
            var taken = parse.GetResult(option)?.Tokens.Select(token => token.Value) ?? [];
            Assert.DoesNotContain("two", taken);
        }
    }

    [Fact]
    public void Create_AddressAfterTheRole_IsTheAddress()
    {
        var parse = Root().Parse(
            ["account", "create", "--name", "Fin", "--role", "finance", "--role", "people", "fin@example.com"]);
        Assert.Empty(parse.Errors);
        Assert.Equal("fin@example.com", parse.GetValue<string>("EMAIL"));
        Assert.Equal(["finance", "people"], parse.GetValue<string[]>("--role")!);
    }

    private static RootCommand Root() => CliModule.Build(LocalVerbs.All());

    private static IEnumerable<string> Paths(Command command, string above) => command.Subcommands.SelectMany(
        verb => verb.Subcommands.Count > 0 ? Paths(verb, $"{above}{verb.Name} ") : [above + verb.Name]);
}
