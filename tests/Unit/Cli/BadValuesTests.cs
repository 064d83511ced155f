using System.CommandLine;
using Guerdon.Cli;
using Guerdon.Host.Verbs;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Unit.Cli;

/// <summary>
/// Every option and argument of every verb, given what it cannot be: one line and exit 2, or the verb runs and says its
/// no. Never an exception, and never a trace. Verbs are found, not listed.
/// </summary>
public sealed class BadValuesTests
{
    private static readonly string[] Bad =
    [
        "10.5", "1,000", "99999999999999999999", "-1", "-99999999999999999999", "1e9", "NaN", "", " ", "9999-12-31",
        "0001-01-01", "2026-02-30", "9999-12", "a\0b", "\ud800", "½", "١٢٣", "0x10", "sk-abc", "key_", "--", "@x",
        new string('9', 5_000), "1e400", "9223372036854775808", "-9223372036854775808", "1999-12-31", "\u0663",
        "\uff15", "\u202e2026-11-30", "2026-11-30\u200f", "\uff12\uff10\uff12\uff16-11-30", "11/30/2026", "2026-W48",
        "2026-11-31", "2026-13", new string('x', 1_000_000),
    ];

    // What is a number or a day to somebody, and to no verb.
    private static readonly string[] NeverOne =
    [
        "10.5.5", "1,000", "99999999999999999999", "-99999999999999999999", "1e400", "1e9", "NaN", "Infinity", " ",
        "9999-12-31", "0001-01-01", "2026-02-30", "9999-12", "\u0663", "\uff15", "\u202e5", "5\u200f", "0x10", "½",
        "a\0b", "\uff12\uff10\uff12\uff16-11-30", "11/30/2026", "2026-W48", "2026-13", new string('9', 5_000),
        new string('x', 1_000_000),
    ];

    public static TheoryData<string, string> Numbers()
    {
        var all = new TheoryData<string, string>();
        foreach (var value in (string[])["10.5", "1,000", "99999999999999999999", "-1", "one", ""])
        {
            all.Add("vesting check - --start 2026-11-30 --quantity", value);
            all.Add("provider rotate openai --key-file - --grace", value);
            all.Add("provider set openai --weight", value);
            all.Add("offer compare ada --years", value);
            all.Add("offer link ada --days", value);
            all.Add("policy show --version", value);
            all.Add("plan show engineering --version", value);
            all.Add("payroll rewards ada --to /tmp/x.pdf --year", value);
            all.Add("convert quote cash 100 --lot", value);
            all.Add("convert request cash 100 --lot", value);
        }

        return all;
    }

    [Theory, MemberData(nameof(Numbers))]
    public async Task Run_NumberThatIsNone_SaysTheFormAndExits2(string line, string value)
    {
        var typed = await Typed.RunAsync([.. line.Split(' '), value]);

        Assert.Equal(2, typed.Exit);
        var option = line.Split(' ')[^1];
        Assert.StartsWith($"guerdon: {option}", typed.Messages, StringComparison.Ordinal);
        Assert.Contains(value.Length == 0 ? option : "write it without point or separators", typed.Messages,
            StringComparison.Ordinal);
        Assert.Equal(1, typed.Messages.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("key revoke", "key", "guerdon key list")]
    [InlineData("grant approve", "run", "guerdon grant runs")]
    [InlineData("grant decline", "run", "guerdon grant runs")]
    [InlineData("grant show", "run", "guerdon grant runs")]
    [InlineData("price approve", "ppl", "guerdon price show")]
    [InlineData("price show", "ppl", "guerdon price show")]
    [InlineData("claim approve", "clm", "guerdon claim list")]
    [InlineData("convert approve", "cnv", "guerdon convert list")]
    [InlineData("pay lines", "pay", "guerdon pay lines")]
    [InlineData("offer revoke", "lnk", "guerdon offer show")]
    [InlineData("reconcile apply", "rec", "guerdon reconcile preview")]
    public async Task Run_WrongId_SaysSoAndWhereIdsAreFound(string verb, string prefix, string from)
    {
        var typed = await Typed.RunAsync([.. verb.Split(' '), "sk-abc"]);

        Assert.Equal(2, typed.Exit);
        Assert.Contains(
            $"That is not the right kind of id: expected {prefix}_ and 32 hexadecimal digits, as '{from}' shows it.",
            typed.Messages,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EveryOptionOfEveryVerbWithEveryBadValue_NeverThrows()
    {
        var tried = 0;
        foreach (var (path, verb) in Verbs(CliModule.Build([], Typed.Around()), []))
        {
            foreach (var option in verb.Options.Where(o => o.Arity.MaximumNumberOfValues > 0))
                foreach (var bad in Bad)
                    await TryAsync([.. path, .. Good(verb, option), option.Name, bad]);
            for (var i = 0; i < verb.Arguments.Count; i++)
                foreach (var bad in Bad)
                    await TryAsync([.. path, .. verb.Arguments.Select((a, at) => at == i ? bad : "x"), .. Good(verb)]);
        }

        Assert.True(tried > 2_000, $"Only {tried} command lines were tried.");

        async Task TryAsync(string[] line)
        {
            tried++;
            // A server that nobody is at: what passes the checks is refused there.
            var typed = await Typed.RunAsync([.. line, "--server", "http://127.0.0.1:1", "--token", "t"]);
            var shown = string.Join(' ', line.Select(w => w.Length > 40 ? w[..40] : w));
            Assert.True(typed.Exit is 1 or 2, $"{shown}: exit {typed.Exit}");
            Assert.False(typed.Messages.Contains("That is a bug", StringComparison.Ordinal)
                || typed.Messages.Contains("   at ", StringComparison.Ordinal), $"{shown}: {typed.Messages}");
        }
    }

    // Whatever is no text by its type.
    [Fact]
    public void Parse_EveryNumberAndDayOfEveryVerb_SaysTheFormOfWhatItCannotBe()
    {
        var (wrong, places) = (new List<string>(), 0);
        var root = CliModule.Build(LocalVerbs.All(), Typed.Around());
        foreach (var (path, verb) in Verbs(root, []))
        {
            foreach (var option in verb.Options.Where(o => IsCounted(o.ValueType)))
                Try([.. path, .. Good(verb, option), option.Name], option.Name);
            for (var i = 0; i < verb.Arguments.Count; i++)
                if (IsCounted(verb.Arguments[i].ValueType))
                    Try([.. path, .. Good(verb), .. verb.Arguments.Take(i).Select(_ => "x")], verb.Arguments[i].Name);
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
        Assert.True(places > 25, $"Only {places} places take a number or a day.");

        void Try(string[] before, string name)
        {
            places++;
            foreach (var bad in NeverOne)
            {
                var parse = root.Parse([.. before, bad], new ParserConfiguration { ResponseFileTokenReplacer = null });
                var line = Misuse.In(parse);
                var shown = $"{string.Join(' ', before)} {(bad.Length > 40 ? bad[..40] : bad)}: {line}";
                if (line is null) wrong.Add($"{shown} is taken");
                else if (line.Contains("System.", StringComparison.Ordinal) || line.Contains('\n')
                    || line.Length > 1_000) wrong.Add($"{name}: {(shown.Length > 400 ? shown[..400] : shown)}");
            }
        }
    }

    private static bool IsCounted(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var own
        && (own == typeof(DateOnly) || own == typeof(DateTimeOffset) || own == typeof(TimeSpan)
            || (own.IsPrimitive && own != typeof(bool)) || own == typeof(decimal));

    private static IEnumerable<(string[] Path, Command Verb)> Verbs(Command command, string[] path)
    {
        if (command.Action is not null && path.Length > 0) yield return (path, command);
        foreach (var below in command.Subcommands)
            foreach (var verb in Verbs(below, [.. path, below.Name])) yield return verb;
    }

    // What else the verb must have.
    private static IEnumerable<string> Good(Command verb, Option? but = null)
    {
        if (but is not null)
            foreach (var argument in verb.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0))
                yield return argument.Name == "FILE" ? "-" : "x";
        foreach (var option in verb.Options.Where(o => o.Required && o != but))
        {
            yield return option.Name;
            yield return option.Name switch
            {
                "--period" => "2026-11",
                "--from" or "--start" or "--until" or "--on" => "2026-11-01",
                "--map" => "time=a,input=b,output=c",
                "--quarter" => "2026Q4",
                "--quantity" => "10",
                "--to" => "/tmp/guerdon-walk.out",
                _ => "x",
            };
        }
    }
}
