using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guerdon.Cli;

namespace Guerdon.Database.Cli;

/// <summary>
/// Types command lines at a real server, and holds each to what every verb owes: the right exit, each value of the
/// API's answer in the table or on the list of what is left out, the answer itself with <c>--json</c>, and a table that
/// can be read at every width.
/// </summary>
internal sealed partial class VerbWalk(VerbServer server)
{
    /// <summary>Rows that every verb shows of a list that is longer.</summary>
    private const int RowsShown = 20;

    /// <summary>Verbs that show prices or ratios, which are exact; amounts are cut to cents.</summary>
    private static readonly string[] Exact =
        ["prices", "price import", "price show", "price index", "convert terms apply", "approvals show"];

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    /// <summary>Options by which a verb says something else.</summary>
    private static readonly string[] Forms = ["--csv", "--html", "--apply"];

    private readonly RootCommand _root = CliModule.Build([]);

    public VerbServer Server => server;

    /// <summary>Verbs that were typed and did what they are for.</summary>
    public HashSet<string> Walked { get; } = [];

    public HashSet<string> Tables { get; } = [];

    /// <summary>Members of answers that a verb did not show, after its name.</summary>
    public HashSet<(string Verb, string Member)> NotShown { get; } = [];

    /// <summary>What is wrong, a line each.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>Every verb that there is: <c>grant run</c>.</summary>
    public static IEnumerable<string> Verbs() => Below(CliModule.Build([]), "");

    /// <summary>Types a command line that is to be done.</summary>
    /// <param name="who">By e-mail.</param>
    /// <param name="line">Without <c>guerdon</c>; words in double quotes are one.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="json">What <c>--json</c> writes, where that is not the answer itself.</param>
    /// <param name="sends">What it asks for one thing; null: that is not looked at.</param>
    /// <param name="leaves">Members that it leaves out this once, separated by blanks.</param>
    /// <returns>What it wrote, and the answer that it was last given.</returns>
    public async Task<Done> DoesAsync(
        string who, string line, string input = "", Func<IReadOnlyList<Exchange>, string>? json = null,
        Sent? sends = null, string leaves = "")
    {
        server.Clock.Now += Between; // what is made later sorts later
        string[] words = [.. CommandLineParser.SplitCommandLine(line)];
        var verb = Path(_root.Parse(words).CommandResult);
        server.Relay.Forget();
        var tables = 0;
        var piped = await server.TypeAsync(who, words, _ =>
        {
            tables++;
            return null;
        }, input);
        if (piped.Exit != 0)
        {
            Assert.Fail($"guerdon {line}\nexits {piped.Exit}: {piped.Messages}{piped.Results}");
        }

        Walked.Add(verb);
        var last = server.Relay.Exchanges[^1];
        var reply = last.Reply.Length == 0 || last.Disposition is not null
            ? default : JsonElement.Parse(last.Reply);
        if (sends?.Fault(server.Relay.Exchanges) is { } fault) Wrong.Add($"{line}: {fault}");
        CheckValues(string.Join(' ', [verb, .. words.Where(Forms.Contains)]), piped, leaves);
        if (tables > 0) await CheckWidthsAsync(who, verb, words, input, piped);
        var expected = json?.Invoke(server.Relay.Exchanges)
            ?? (reply.ValueKind == JsonValueKind.Undefined ? null : $"{reply}");
        await CheckJsonAsync(who, verb, words, input, expected);
        return new(piped, reply);
    }

    /// <summary>Types a command line that is to be refused, with this code.</summary>
    public async Task<Typed> RefusedAsync(string who, string line, string code, string input = "")
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(line)];
        var typed = await server.TypeAsync(who, words, input: input);
        if (typed.Exit != 1 || !typed.Messages.StartsWith(code + ": ", StringComparison.Ordinal))
            Wrong.Add($"{line}: exits {typed.Exit}, not refused with {code}: {typed.Messages}{typed.Results}");
        return typed;
    }

    /// <summary>Holds the whole of a verb's results against this.</summary>
    /// <param name="done">What was typed.</param>
    /// <param name="text">A line that ends in a backslash goes on in the next.</param>
    public void Reads(Done done, string text)
    {
        var expected = text.Replace("\\\n", "", StringComparison.Ordinal);
        if (done.Typed.Results != expected)
            Wrong.Add($"It reads\n{done.Typed.Results}\nand not\n{expected}");
    }

    private void CheckValues(string verb, Typed piped, string leaves)
    {
        var values = new SortedDictionary<string, List<JsonElement>>(StringComparer.Ordinal);
        foreach (var exchange in server.Relay.Exchanges.Where(e => e.Reply.Length > 0 && e.Disposition is null))
        {
            foreach (var (name, all) in ReplyValues.Of(JsonElement.Parse(exchange.Reply)))
            {
                if (!values.TryGetValue(name, out var before)) values[name] = before = [];
                before.AddRange(all);
            }
        }

        var missing = ReplyValues.NotIn(piped.Results + piped.Messages, values, RowsShown).ToList();
        var once = leaves.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (once.Except(missing).ToList() is { Count: > 0 } shown)
            Wrong.Add($"{verb} shows {string.Join(" ", shown)} after all");
        NotShown.UnionWith(missing.Except(once).Select(member => (verb, member)));
        var wrong = missing.Except(once).Where(member => !LeftOut.Has(verb, member)).ToList();
        if (wrong.Count > 0)
            Wrong.Add($"{verb} shows no {string.Join(" ", wrong)}\n{piped.Results}{piped.Messages}");
    }

    private async Task CheckWidthsAsync(string who, string verb, string[] words, string input, Typed piped)
    {
        Tables.Add(verb);
        if (Form(verb, piped.Results) is { } form) Wrong.Add($"{verb}: {form}");
        foreach (var width in (int[])[40, 80, 120])
        {
            using (server.Relay.Replay())
            {
                var shown = await server.TypeAsync(who, words, _ => width, input);
                if (Fault(piped.Results, shown.Results, width) is { } fault)
                    Wrong.Add($"{verb} at {width}: {fault}");
            }
        }
    }

    // What only reads is asked again; what does something is shown again as it was answered.
    private async Task CheckJsonAsync(string who, string verb, string[] words, string input, string? expected)
    {
        var exchanges = server.Relay.Exchanges.ToList();
        using var replay = exchanges.All(e => e.OnlyReads) ? null : server.Relay.Replay();
        var typed = await server.TypeAsync(who, [.. words, "--json"], input: input);
        server.Relay.Exchanges.Clear();
        server.Relay.Exchanges.AddRange(exchanges);
        if (typed.Exit == 2 && typed.Messages.Contains("exclude each other", StringComparison.Ordinal)) return;
        if (typed.Exit != 0 || expected is null)
        {
            if (typed.Exit != 0) Wrong.Add($"{verb} --json exits {typed.Exit}: {typed.Messages}");
            return;
        }

        if (!JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(typed.Results)))
            Wrong.Add($"{verb} --json writes\n{typed.Results}\nand not\n{expected}");
    }

    // Whether one form says what the other says, and keeps to its width.
    private static string? Fault(string piped, string shown, int width)
    {
        var words = shown.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        if (WithoutEmptyColumns(piped).Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(w => !words.Contains(w)) is { } lost) return $"'{lost}' is cut or broken";
        // Prose is the terminal's to wrap; a table's line is too wide only for one word.
        var prose = piped.Split('\n').ToHashSet();
        return shown.Split('\n').FirstOrDefault(line => line.Length > width && !prose.Contains(line)
            && line.Trim().Contains(' ', StringComparison.Ordinal));
    }

    // Where a record is a block, a column in which nobody has anything is not there at all.
    private static string WithoutEmptyColumns(string piped)
    {
        var lines = piped.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var below = lines.Skip(i + 1).TakeWhile(l => l.Length > 0).ToList();
            lines[i] = Header().Replace(lines[i], cell => below.All(l => Part(l, cell.Index, cell.Length).Length == 0)
                ? "" : cell.Value);
        }

        return string.Join('\n', lines);
    }

    private static string Part(string line, int start, int length) => start >= line.Length
        ? "" : line.Substring(start, Math.Min(length, line.Length - start)).Trim();

    private static string? Form(string verb, string text) =>
        text.Contains("prs_", StringComparison.Ordinal) ? "it shows a person as an id"
        : Raw().Match(text) is { Success: true } raw ? $"'{raw.Value}' is a time in another form"
        : !Exact.Contains(verb) && Long().Match(text) is { Success: true } money
            ? $"'{money.Value}' has many decimals"
        : null;

    private static string Path(CommandResult result) => result.Parent is CommandResult { Parent: not null } above
        ? $"{Path(above)} {result.Command.Name}" : result.Command.Name;

    private static IEnumerable<string> Below(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(verb => Below(verb, path.Length == 0 ? verb.Name : $"{path} {verb.Name}"));

    [GeneratedRegex(@"\S+( \S+)*(?=  |$)|(?<=  )\S+( \S+)*")]
    private static partial Regex Header();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d|\d\d:\d\d(?! UTC|:)(?:\s|$)")]
    private static partial Regex Raw();

    [GeneratedRegex(@"\d\.\d{4,}(?!\d| %)")]
    private static partial Regex Long();

    /// <param name="Typed">What was written.</param>
    /// <param name="Reply">What the API answered last.</param>
    internal sealed record Done(Typed Typed, JsonElement Reply)
    {
        /// <summary>A text in the answer, by its path.</summary>
        public string Text(params ReadOnlySpan<string> path)
        {
            var at = Reply;
            foreach (var name in path)
                at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(name, null)] : at.GetProperty(name);
            return at.ToString();
        }
    }
}
