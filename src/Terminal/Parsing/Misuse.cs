using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Guerdon.Terminal.Parsing;

/// <summary>Says in one line what is wrong with a command line.</summary>
public static class Misuse
{
    private const int MostQuoted = 100;

    /// <summary>The line, or null where the command line can run.</summary>
    public static string? In(ParseResult parse)
    {
        if (parse.Action is { ClearsParseErrors: true }) return null; // --help, --version
        var reason = UnknownOption(parse) ?? (parse.Errors.Count > 0 ? Reason(parse) : null);
        return reason is null ? null : Clean.Line($"guerdon: {Line(parse.CommandResult, Shortened(parse, reason))}");
    }

    // What was typed is cut, because it is quoted and may be of any length.
    private static string Shortened(ParseResult parse, string reason) =>
        parse.Tokens.Select(t => t.Value).Where(value => value.Length > MostQuoted).Aggregate(
            reason, (text, value) => text.Replace(value, value[..MostQuoted] + "…", StringComparison.Ordinal));

    /// <summary>The reason, and where help is.</summary>
    public static string Line(CommandResult verb, string reason) => $"{reason} See '{PathOf(verb)} --help'.";

    /// <summary>The verb with all above it: <c>guerdon key create</c>.</summary>
    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult above ? $"{PathOf(above)} {result.Command.Name}" : "guerdon";

    // Looked for here, because the parser takes an option that it does not know for the value of
    // an argument that is free.
    private static string? UnknownOption(ParseResult parse)
    {
        if (parse.Tokens.Any(t => t.Type == TokenType.DoubleDash)) return null;
        var arguments = parse.CommandResult.Children.OfType<ArgumentResult>();
        var taken = arguments.SelectMany(a => a.Tokens).Select(t => t.Value);
        var unknown = taken.Concat(parse.UnmatchedTokens).FirstOrDefault(LooksLikeOption);
        if (unknown is null) return null;

        var name = unknown.Split('=', ':')[0];
        var names = Above(parse.CommandResult).SelectMany(c => c.Command.Options)
            .SelectMany(o => o.Aliases.Prepend(o.Name)).ToList();
        return names.Contains(name)
            ? $"'{name}' belongs after the verb: '{PathOf(parse.CommandResult)} {name} …'."
            : $"There is no option '{name}'{Suggest(name, names)}";
    }

    private static string Reason(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var path = PathOf(parse.CommandResult);
        var verbs = command.Subcommands.Where(s => !s.Hidden).Select(s => s.Name).ToList();
        if (parse.UnmatchedTokens is [var word, ..])
        {
            return verbs.Count > 0
                ? $"There is no verb '{word}'{Suggest(word, verbs)}"
                : $"'{path}' cannot do anything with '{word}'.";
        }

        if (verbs.Count > 0 && command.Action is null) return $"'{path}' needs one of: {string.Join(", ", verbs)}.";

        var error = parse.Errors[0];
        return error.SymbolResult switch
        {
            ArgumentResult { Tokens.Count: 0 } missing when missing.Argument.Arity.MinimumNumberOfValues > 0 =>
                $"'{path}' needs {missing.Argument.HelpName ?? missing.Argument.Name}: {missing.Argument.Description}",
            OptionResult { Tokens.Count: 0, Implicit: false } empty => $"{empty.Option.Name} needs a value.",
            _ when command.Options.FirstOrDefault(o => IsMissing(parse, o)) is { } option =>
                $"'{path}' needs {option.Name}: {option.Description}",
            _ => NoneOf(error.Message) ?? error.Message,
        };
    }

    // The parser's own words: Argument 'x' not recognized. Must be one of: and a line for each.
    private static string? NoneOf(string message) => message.Split("Must be one of:") is [var said, var list]
        ? $"{said.Split('\'') switch { [_, var typed, ..] => $"'{typed}'", _ => "That" }} is none of "
            + string.Join(", ", list.Split('\'').Where(part => !string.IsNullOrWhiteSpace(part))) + "."
        : null;

    private static bool IsMissing(ParseResult parse, Option option) =>
        option.Required && parse.GetResult(option) is not { Implicit: false };

    private static string Suggest(string typed, IEnumerable<string> names) =>
        Nearest.To(typed, names) is { } near ? $": did you mean '{near}'?" : ".";

    private static bool LooksLikeOption(string token) =>
        token.Length > 1 && token[0] == '-' && !decimal.TryParse(token, CultureInfo.InvariantCulture, out _);

    private static IEnumerable<CommandResult> Above(CommandResult result)
    {
        for (var at = result; at is not null; at = at.Parent as CommandResult) yield return at;
    }
}
