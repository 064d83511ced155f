using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Spectre.Console;

namespace Guerdon.Terminal.Writing;

/// <summary>
/// Where a verb writes. Results go to standard output: with <c>--json</c> one JSON document and nothing else. Messages
/// and progress go to standard error.
/// </summary>
public sealed class Output
{
    private const int ErrorsShown = 50;

    private static readonly JsonSerializerOptions Pretty = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // never embedded in HTML; names stay readable
    };

    private readonly TextWriter _results;

    internal Output(TextWriter results, TextWriter messages, bool isJson, Surroundings surroundings)
    {
        _results = results;
        Messages = messages;
        IsJson = isJson;
        Surroundings = surroundings;
    }

    /// <summary>True with <c>--json</c>.</summary>
    public bool IsJson { get; }

    /// <summary>Whether a person reads the results now; false where they go to a file, a pipe or a journal.</summary>
    public bool IsOnTerminal => Surroundings.TerminalWidth(_results) is not null;

    /// <summary>Ends when a second signal asks a verb that is stopping to hurry.</summary>
    public CancellationToken Hurry { get; private init; }

    internal TextWriter Messages { get; }

    public Surroundings Surroundings { get; }

    /// <summary>The output of the verb that is running.</summary>
    public static Output For(ParseResult parse)
    {
        var root = parse.RootCommandResult.Command as GuerdonCommand;
        return new Output(
            parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error,
            root is not null && parse.GetValue(root.Json), root?.Surroundings ?? Surroundings.OfProcess)
        {
            Hurry = (parse.InvocationConfiguration as StopSignals.Invocation)?.Hurry ?? CancellationToken.None,
        };
    }

    /// <summary>One line of the result; nothing with <c>--json</c>.</summary>
    public void Line(string text = "")
    {
        if (!IsJson) _results.WriteLine(Clean.Line(text));
    }

    /// <summary>A file as the result, as it is, so that it can be saved and sent again; on a terminal line by line,
    /// without what would move its cursor. Nothing with <c>--json</c>.</summary>
    public void Text(string file)
    {
        if (!IsJson && !IsOnTerminal)
        {
            _results.Write(file);
            return;
        }

        foreach (var line in file.TrimEnd('\n', '\r').Split('\n')) Line(line.TrimEnd('\r'));
    }

    /// <summary>A table as part of the result; nothing with <c>--json</c>.</summary>
    public void Table(TextTable table)
    {
        if (!IsJson) Write(_results, table);
    }

    /// <summary>The result as JSON in camelCase; nothing without <c>--json</c>. Once a run.</summary>
    public void Json<T>(T value)
    {
        if (IsJson) _results.WriteLine(JsonSerializer.Serialize(value, Pretty));
    }

    /// <summary>A message for the person, apart from the result.</summary>
    public void Note(string text) => Messages.WriteLine(Clean.Line(text));

    /// <summary>Shows a result, as JSON where that was asked for.</summary>
    /// <returns><see cref="ExitCodes.Done"/>.</returns>
    public int Done<T>(T value, Action<T> show)
    {
        if (IsJson) Json(value);
        else show(value);
        return ExitCodes.Done;
    }

    /// <summary>
    /// Refuses: in one line what was wrong and what to do; under it the first 50 rows that are wrong.
    /// </summary>
    /// <param name="refused">The rule and the case.</param>
    /// <param name="errors">Rows of a file.</param>
    /// <returns><see cref="ExitCodes.Refused"/>.</returns>
    public int Refuse(Refused refused, IReadOnlyList<RowError>? errors = null)
    {
        var problem = new Problem(refused.Refusal.Code, refused.Detail, refused.Refusal.NextStep, errors ?? []);
        Json(problem);
        return Say(problem, problem.Errors.Count);
    }

    /// <summary>Refuses where the reply itself, with its errors, is the document.</summary>
    public int Refuse(Refused refused, JsonElement reply, IReadOnlyList<RowError> errors, int total)
    {
        Json(reply);
        return Say(new Problem(refused.Refusal.Code, refused.Detail, refused.Refusal.NextStep, errors), total);
    }

    /// <summary>Says that the command line makes no sense, in one line.</summary>
    /// <returns><see cref="ExitCodes.Misused"/>.</returns>
    public int Misuse(string reason)
    {
        Note($"guerdon: {reason}");
        return ExitCodes.Misused;
    }

    /// <summary>Says no as a server did, whose own document <c>--json</c> has.</summary>
    /// <param name="problem">What it said.</param>
    /// <param name="raw">The reply as it came; undefined where nothing in it can be read.</param>
    /// <returns><see cref="ExitCodes.Refused"/>.</returns>
    public int Refuse(Problem problem, JsonElement raw)
    {
        if (raw.ValueKind == JsonValueKind.Object) Json(raw);
        else Json(problem);
        return Say(problem, problem.Errors.Count);
    }

    /// <summary>The rows that are wrong, as a message.</summary>
    public void Errors(IReadOnlyList<RowError> errors, int total)
    {
        if (errors.Count == 0) return;
        var table = new TextTable().Right("Line").Left("Column").Left("Reason");
        foreach (var error in errors.Take(ErrorsShown))
            table.Row(error.Line > 0 ? $"{error.Line}" : "file", error.Column ?? "", error.Reason);
        Messages.WriteLine();
        Write(Messages, table);
        if (total > ErrorsShown) Note($"and {total - ErrorsShown:#,0} more.");
    }

    /// <summary>A console on the terminal that messages go to; null where there is none, or it takes no escapes.
    /// </summary>
    internal IAnsiConsole? MessageTerminal() =>
        Surroundings.TerminalWidth(Messages) is { } width && TakesEscapes() ? Console(Messages, width) : null;

    private int Say(Problem no, int errors)
    {
        var what = string.IsNullOrWhiteSpace(no.Detail) ? $"{no.Title}." : $"{no.Title}: {Wording.Sentence(no.Detail)}";
        Note(string.IsNullOrWhiteSpace(no.NextStep) ? what : $"{what} {no.NextStep}");
        Errors(no.Errors, errors);
        return ExitCodes.Refused;
    }

    private void Write(TextWriter to, TextTable table)
    {
        var width = Surroundings.TerminalWidth(to);
        var isPlain = width is null || !TakesEscapes();
        foreach (var line in table.Lines(width, text => isPlain || text.Length == 0 ? text : $"\e[1m{text}\e[0m"))
            to.WriteLine(line);
    }

    private static IAnsiConsole Console(TextWriter writer, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.Yes, Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        return console;
    }

    private bool TakesEscapes() =>
        Surroundings.Setting("NO_COLOR") is null && Surroundings.Setting("TERM") is not "dumb";
}
