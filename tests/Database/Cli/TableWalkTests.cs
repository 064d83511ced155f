using System.CommandLine;
using System.Text.RegularExpressions;
using Guerdon.Cli;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Database.Cli;

/// <summary>
/// Every verb that prints a table, found and not listed, at the width of a file, of a terminal and of a narrow one:
/// nothing is cut or broken, no line is too wide, nobody is shown as an id, and times and money have one form.
/// </summary>
public sealed partial class TableWalkTests
{
    [Fact]
    public async Task Tables_OfEveryVerb_CanBeReadAtEveryWidth()
    {
        var reply = "{}";
        await using var server = await StubServer.WithAsync((_, _) => Results.Text(reply, "application/json"));
        var (replies, printing, wrong) = (TableReplies.All(), new HashSet<string>(), new List<string>());
        foreach (var words in Lines())
        {
            var verb = string.Join(' ', words.TakeWhile(w => char.IsAsciiLetter(w[0]) && w != "x").Take(3));
            foreach (var json in replies)
            {
                reply = json;
                var (piped, tables) = await RunAsync(server, words, null);
                if (piped.Messages.Contains("That is a bug", StringComparison.Ordinal))
                    wrong.Add($"{verb}: {piped.Messages}");
                if (tables == 0 || piped.Exit != 0) continue;
                printing.Add(verb);
                foreach (var width in (int[])[40, 80, 120])
                    if (Fault(piped.Results, (await RunAsync(server, words, width)).Typed.Results, width) is { } fault)
                        wrong.Add($"{verb} at {width}: {fault}");
                if (Form(piped.Results) is { } form) wrong.Add($"{verb}: {form}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct().Take(40)));
        Assert.True(printing.Count >= 35, $"Only {printing.Count} print a table: {string.Join(", ", printing)}");
    }

    private static async Task<(Typed Typed, int Tables)> RunAsync(StubServer server, string[] words, int? width)
    {
        var asked = 0;
        server.Requests.Clear();
        var variables = new Dictionary<string, string> { ["GUERDON_URL"] = server.Url, ["NO_COLOR"] = "1" };
        var typed = await Typed.RunAsync(words, variables, _ =>
        {
            asked++;
            return width;
        });
        return (typed, asked);
    }

    // Whether one form says what the other says, and keeps to its width.
    private static string? Fault(string piped, string shown, int width)
    {
        var words = shown.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        if (piped.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(w => !words.Contains(w))
            is { } lost) return $"'{lost}' is cut or broken";
        // Prose is the terminal's to wrap; a table's line is too wide only for one word.
        var prose = piped.Split('\n').ToHashSet();
        return shown.Split('\n').FirstOrDefault(line => line.Length > width && !prose.Contains(line)
            && line.Trim().Contains(' ', StringComparison.Ordinal));
    }

    private static string? Form(string text) =>
        text.Contains("prs_", StringComparison.Ordinal) ? "it shows a person as an id"
        : Raw().Match(text) is { Success: true } raw ? $"'{raw.Value}' is a time in another form"
        : Long().Match(Index().Replace(text, "")) is { Success: true } money ? $"'{money.Value}' has many decimals"
        : null;

    private static IEnumerable<string[]> Lines() => Verbs(CliModule.Build([]), []).Select(v =>
        (string[])[.. v.Path, .. v.Verb.Arguments.SelectMany(Argument), .. v.Verb.Options.Where(o => o.Required)
            .SelectMany(o => (string[])[o.Name, Option(o.Name)])]);

    private static IEnumerable<(string[] Path, Command Verb)> Verbs(Command command, string[] path)
    {
        if (command.Subcommands.Count == 0) yield return (path, command);
        foreach (var below in command.Subcommands)
            foreach (var verb in Verbs(below, [.. path, below.Name])) yield return verb;
    }

    private static string[] Argument(Argument argument) => argument.Name switch
    {
        _ when argument.Arity.MinimumNumberOfValues == 0 => [],
        "FILE" or "RECEIPT" => ["-"],
        "FORM" => ["cash"],
        "TOKENS" or "LINE" => ["5"],
        _ => [Prefix().Match(argument.Description ?? "") is { Success: true } id
            ? $"{id.Groups[1].Value}_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b" : "x"],
    };

    private static string Option(string name) => name switch
    {
        "--period" => "2026-11",
        "--from" or "--start" or "--until" or "--on" => "2026-11-01",
        "--map" => "time=a,input=b,output=c",
        "--quarter" => "2026Q4",
        "--quantity" => "10",
        "--to" => "/nowhere/at/all",
        _ => "x",
    };

    [GeneratedRegex(@"as (\w+)_…")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d|\d\d:\d\d(?! UTC|:)(?:\s|$)")]
    private static partial Regex Raw();

    // A ratio, which is no money.
    [GeneratedRegex(@"Index: .*? exactly")]
    private static partial Regex Index();

    [GeneratedRegex(@"\d\.\d{4,}(?!\d| %)")]
    private static partial Regex Long();
}
