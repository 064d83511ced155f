using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Guerdon.Kernel;

namespace Guerdon.Terminal.Parsing;

/// <summary>Options and arguments that several verbs share, with their checks.</summary>
public static class Values
{
    /// <summary>Standard input in place of a file.</summary>
    public const string StandardInput = "-";

    public static Argument<string> File(string what)
    {
        var file = new Argument<string>("FILE") { Description = $"{what}; '-' reads standard input." };
        file.Validators.Add(result =>
        {
            var path = result.GetValueOrDefault<string>();
            if (path == StandardInput || System.IO.File.Exists(path)) return;
            var isFolder = Directory.Exists(path);
            result.AddError(isFolder ? $"{path} is a directory, not a file." : $"There is no file {path}.");
        });
        return file;
    }

    /// <summary>A whole number within bounds. Anything else, a point or a separator too, is said in one line.</summary>
    public static Option<T?> Whole<T>(string name, string description, T least, T most, string helpName = "N")
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description, HelpName = helpName, CustomParser = result => Number(result, name, least, most),
        };

    /// <summary>The same where it must be named.</summary>
    public static Argument<T> WholeArgument<T>(string name, string description, T least, T most)
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description, CustomParser = result => Number(result, name, least, most) ?? least,
        };

    private static T? Number<T>(ArgumentResult result, string name, T least, T most)
        where T : struct, IBinaryInteger<T>
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most) return number;
        result.AddError(string.Create(CultureInfo.InvariantCulture,
            $"{name} is '{text}', not a whole number from {least} to {most}: write it without point or"
            + $" separators, as {T.Clamp(T.CreateSaturating(1000), least, most)}."));
        return null;
    }

    /// <summary>A number as an address has it; null where it was left out.</summary>
    public static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The id of a thing that must be named.</summary>
    /// <param name="name">What it is called in help, such as <c>RUN</c>.</param>
    /// <param name="prefix">What its ids begin with, such as <c>run</c>.</param>
    /// <param name="from">Where ids are found, such as <c>guerdon grant runs</c>.</param>
    public static Argument<string> Id(string name, string prefix, string from)
    {
        var id = new Argument<string>(name) { Description = $"Its id, as {prefix}_…, from '{from}'." };
        id.Validators.Add(result => CheckId(result, result.Tokens, prefix, from));
        return id;
    }

    /// <summary>The same where it may be left out.</summary>
    public static Argument<string?> IdOrNone(string name, string prefix, string from, string description)
    {
        var id = new Argument<string?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        id.Validators.Add(result => CheckId(result, result.Tokens, prefix, from));
        return id;
    }

    // The value is never shown, because somebody may have pasted the secret instead of its id.
    private static void CheckId(SymbolResult result, IReadOnlyList<Token> tokens, string prefix, string from)
    {
        if (tokens is not [{ Value: var text }, ..]) return;
        var isId = text.StartsWith(prefix + "_", StringComparison.Ordinal)
            && Guid.TryParseExact(text.AsSpan(prefix.Length + 1), "N", out _);
        if (!isId)
            result.AddError(
                $"That is not the right kind of id: expected {prefix}_ and 32 hexadecimal digits, as '{from}' shows"
                + " it.");
    }

    public static Argument<string> Person() => new("PERSON") { Description = "An e-mail address or id, or 'me'." };

    /// <summary>A person as the server's keys want it: nobody named means the caller.</summary>
    public static string? OrCaller(string? person) => person == "me" ? null : person;

    public static Option<bool> DryRun(string what) => new("--dry-run") { Description = what };

    /// <summary>A calendar day, as 2026-11-30.</summary>
    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description, HelpName = "DATE",
        CustomParser = result => Parse(result, "yyyy-MM-dd", "a day", "2026-11-30"),
    };

    /// <summary>The first day of a month, as 2026-11.</summary>
    public static Option<DateOnly?> Month(string name, string description) => new(name)
    {
        Description = description, HelpName = "MONTH",
        CustomParser = result => Parse(result, "yyyy-MM", "a month", "2026-11"),
    };

    /// <summary>A day (its first moment, UTC) or a minute, as 2027-01-01T09:00Z.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description, HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens is [var token, ..] ? token.Value : "";
            string[] forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];
            if (DateTimeOffset.TryParseExact(
                text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                if (Days.Has(at)) return at;
                result.AddError($"'{text}' is not from 1900 to 2199.");
                return null;
            }

            result.AddError($"'{text}' is not a time: write it as 2027-01-01 or 2027-01-01T09:00Z.");
            return null;
        },
    };

    private static DateOnly? Parse(ArgumentResult result, string format, string what, string example)
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";
        var isOne = DateOnly.TryParseExact(
            text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        if (isOne && Days.Has(day)) return day;
        result.AddError(
            isOne ? $"'{text}' is not from 1900 to 2199." : $"'{text}' is not {what}: write it as {example}.");
        return null;
    }
}
