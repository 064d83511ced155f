using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Stipend.Cli;

/// <summary>Options and arguments that several verbs share, with their checks.</summary>
internal static class Values
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
                text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return at;
            result.AddError($"'{text}' is not a time: write it as 2027-01-01 or 2027-01-01T09:00Z.");
            return null;
        },
    };

    private static DateOnly? Parse(ArgumentResult result, string format, string what, string example)
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";
        if (DateOnly.TryParseExact(text, format, out var day)) return day;
        result.AddError($"'{text}' is not {what}: write it as {example}.");
        return null;
    }
}
