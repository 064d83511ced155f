using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;
using Guerdon.Unit.Cli;

namespace Guerdon.Unit.Terminal;

public sealed class OutputTests
{
    private static readonly Refusal Rule = new("test.no", 422, Retryable: false, "Do this instead.");

    [Fact]
    public async Task LocalVerb_WithJson_WritesOneDocumentAndKeepsMessagesApart()
    {
        var verb = Local(output =>
        {
            output.Line("not with --json");
            output.Table(new TextTable().Left("Nor").Row("this"));
            output.Note("a message");
            return output.Done(new { AmountMilli = 5L, Name = "Zoë" }, _ => output.Line("nor this"));
        });

        var typed = await Typed.RunAsync(["local", "--json"], [verb]);

        Assert.Equal(0, typed.Exit);
        Assert.Equal("a message\n", typed.Messages);
        Assert.Equal("{\n  \"amountMilli\": 5,\n  \"name\": \"Zoë\"\n}\n", typed.Results);
    }

    [Fact]
    public async Task Refuse_WithoutJson_LeavesResultsEmpty()
    {
        var typed = await Typed.RunAsync(["local"], [Local(output => output.Refuse(Rule.With("It is so.")))]);

        Assert.Equal(1, typed.Exit);
        Assert.Equal("", typed.Results);
        Assert.Equal("test.no: It is so. Do this instead.\n", typed.Messages);
    }

    [Fact]
    public async Task Refuse_WithJson_WritesTheProblemAsTheDocument()
    {
        var typed = await Typed.RunAsync(
            ["local", "--json"],
            [Local(output => output.Refuse(Rule.With("It is so."), [new(3, "email", "Not one.")]))]);

        using var problem = JsonDocument.Parse(typed.Results);
        Assert.Equal("test.no", problem.RootElement.GetProperty("title").GetString());
        Assert.Equal(3, problem.RootElement.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Contains("Do this instead.", typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuse_ManyRows_ShowsFiftyAndHowManyMore()
    {
        RowError[] errors = [.. Enumerable.Range(2, 1_234).Select(line => new RowError(line, "pay", $"reason {line}"))];

        var typed = await Typed.RunAsync(["local"], [Local(output => output.Refuse(Rule.With("Rows."), errors))]);

        Assert.Contains("reason 51\n", typed.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("reason 52\n", typed.Messages, StringComparison.Ordinal);
        Assert.EndsWith("\nand 1,184 more.\n", typed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_Piped_IsNeitherWrappedNorPadded()
    {
        var wide = new string('x', 400);

        var typed = await Typed.RunAsync(["local"], [Local(output =>
        {
            var table = new TextTable().Left("Name").Right("Tokens").Left("Note");
            output.Table(table.Row(wide, "1,000", "").Row("b", "2", "c"));
            return 0;
        })]);

        Assert.Equal(
            $"Name{new string(' ', 396)}  Tokens  Note\n{wide}   1,000\nb{new string(' ', 399)}       2  c\n",
            typed.Results);
    }

    [Fact]
    public async Task Table_OnATerminal_KeepsToItsWidth()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 40));

        var typed = await Typed.RunAsync(
            ["local"], [Local(output => Table(output, words))], new() { ["NO_COLOR"] = "1" }, width: 60);

        Assert.All(typed.Results.Split('\n'), line => Assert.InRange(line.Length, 0, 60));
        Assert.DoesNotContain('\e', typed.Results);
    }

    [Theory]
    [InlineData("TERM", "xterm", true)]
    [InlineData("TERM", "dumb", false)]
    [InlineData("NO_COLOR", "1", false)]
    [InlineData("NO_COLOR", "", true)]
    public async Task Table_OnATerminal_HasEscapesUnlessUnwanted(string name, string value, bool escapes)
    {
        var typed = await Typed.RunAsync(
            ["local"], [Local(output => Table(output, "x"))], new() { [name] = value }, width: 60);

        Assert.Equal(escapes, typed.Results.Contains('\e', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_WithControlCharactersAndMarkup_IsPlainText()
    {
        var typed = await Typed.RunAsync(["local"], [Local(output =>
        {
            Table(output, "[red]\e[2Ja\nb[/]");
            output.Line("\e]0;title\a");
            output.Note("\e[2J");
            return 0;
        })]);

        Assert.Contains("[red] [2Ja b[/]\n", typed.Results, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', typed.Results + typed.Messages);
    }

    [Fact]
    public async Task Run_VerbThatThrows_SaysSoWithoutATrace()
    {
        var typed = await Typed.RunAsync(["local"], [Local(_ => throw new InvalidOperationException("Bad\nday."))]);

        Assert.Equal(1, typed.Exit);
        Assert.Equal(
            "guerdon failed: InvalidOperationException: Bad day. "
            + "That is a bug. GUERDON_DEBUG=1 shows where it lies.\n",
            typed.Messages);
    }

    [Fact]
    public async Task Progress_QuickWork_SaysNothing()
    {
        var typed = await Typed.RunAsync(["local"], [Waits(TimeSpan.Zero)]);

        Assert.Equal("", typed.Messages);
    }

    [Fact]
    public async Task Progress_WorkBeyondASecond_PrintsALineOnMessages()
    {
        var typed = await Typed.RunAsync(["local", "--json"], [Waits(TimeSpan.FromMilliseconds(1_200))]);

        Assert.Equal("Working: 3 of 5…\n", typed.Messages);
        Assert.Equal("7\n", typed.Results);
    }

    private static int Table(Output output, string cell)
    {
        output.Table(new TextTable().Left("Head").Row(cell));
        return 0;
    }

    private static Verb Waits(TimeSpan time)
    {
        var verb = new Verb("local", "Waits.");
        verb.SetAction(async (parse, ct) =>
        {
            var output = Output.For(parse);
            var seven = await Progress.WhileAsync(output, "Working", async say =>
            {
                say("3 of 5");
                await Task.Delay(time, ct);
                return 7;
            });
            return output.Done(seven, _ => { });
        });
        return verb;
    }

    private static Verb Local(Func<Output, int> action)
    {
        var verb = new Verb("local", "Runs here.", "guerdon local");
        verb.SetAction(parse => action(Output.For(parse)));
        return verb;
    }
}
