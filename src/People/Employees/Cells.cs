using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Guerdon.People.Spans;

namespace Guerdon.People.Employees;

/// <summary>
/// The cells of one row, each read as what it must be. A wrong cell adds an error that says what would be right, and
/// reads as a blank, so that the rest of the row is checked too.
/// </summary>
internal sealed partial class Cells(CsvFile file, RowErrors errors)
{
    public int Line => file.Line;

    public void Wrong(string? column, string reason) => errors.Add(Line, column, reason);

    public string Text(string column)
    {
        var text = Raw(column);
        if (text is "") Wrong(column, "is blank; it is required.");
        return text ?? "";
    }

    public string? Optional(string column) => Raw(column) is { Length: > 0 } text ? text : null;

    public string Email(string column)
    {
        var text = Text(column);
        if (!EmailAddress.TryRead(text, out var email) && text.Length > 0)
            Wrong(column, $"'{email}' is not an e-mail address; write it as {EmailAddress.Wanted}.");
        return email;
    }

    /// <summary>The id of somebody who is on file; null where the cell is blank.</summary>
    public PersonId? Person(string column)
    {
        if (Raw(column) is not { Length: > 0 } text) return null;
        if (PersonId.TryParse(text, out var id)) return id;
        Wrong(column, $"'{text}' is not an id of a person (prs_ and 32 digits); leave it blank for somebody new.");
        return null;
    }

    /// <summary>A path such as <c>Engineering/Platform</c>, each part trimmed.</summary>
    public string Team(string column)
    {
        var text = Text(column);
        if (DatedForms.Team(text) is { } path) return path;
        if (text.Length > 0) Wrong(column, $"'{text}' is not {DatedForms.TeamWanted}.");
        return text;
    }

    public string Level(string column)
    {
        var text = Text(column);
        if (DatedForms.Level(text) is { } level) return level;
        if (text.Length > 0) Wrong(column, $"'{text.ToUpperInvariant()}' is not {DatedForms.LevelWanted}.");
        return text;
    }

    public string Code(string column, Func<string, bool> isKnown, string standard)
    {
        var text = Text(column).ToUpperInvariant();
        if (text.Length > 0 && !isKnown(text)) Wrong(column, $"'{text}' is not in {standard}.");
        return text;
    }

    public DateOnly? Date(string column, bool required)
    {
        var text = required ? Text(column) : Raw(column);
        if (string.IsNullOrEmpty(text)) return null;
        if (Days.TryParse(text, out var day)) return day;

        var isDay = DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        Wrong(column, isDay
            ? $"{text} is not between 1900 and 2199."
            : DateForm().IsMatch(text)
                ? $"{text} is not a day of the calendar."
                : $"'{text}' is not a date; write it as 2026-11-30.");
        return null;
    }

    /// <summary>An amount in the currency's smallest unit (see <see cref="Currencies"/>), or null where
    /// it is wrong.</summary>
    public long? Pay(string column, string currency)
    {
        var text = Text(column);
        if (text.Length == 0) return null;
        if (DatedForms.Pay(text, currency) is { } kept) return kept;

        Wrong(column, text switch
        {
            ['-', ..] => $"{text} is negative; pay is 0 or more.",
            _ when Decimals.TryParse(text, 9, out var _) && text.Contains('.', StringComparison.Ordinal) =>
                $"{text} is finer than {currency} has units; write {Currencies.Wanted(currency)}.",
            _ => $"'{text}' is not an amount up to a trillion; write it as 84500 or 84500.50, without separators.",
        });
        return null;
    }

    public bool Has(string column) => file.Has(column);

    /// <summary>An address, lower-cased, or an id of a person; empty: nobody.</summary>
    public string Manager(string column)
    {
        var text = Optional(column) ?? "";
        if (text.Length == 0 || PersonId.TryParse(text, out _)) return text;
        if (!EmailAddress.TryRead(text, out var email))
            Wrong(column, $"'{text}' is neither an e-mail address, such as {EmailAddress.Wanted}, nor an id.");
        return email;
    }

    public string Employment(string column) =>
        One(column, Standing.Employee, DatedForms.Employment, DatedForms.EmploymentWanted);

    /// <summary>A kind of leave; empty: none.</summary>
    public string Leave(string column) => One(column, "", DatedForms.Leave, DatedForms.LeaveWanted);

    /// <summary>Whether leave is paid; empty: not stated.</summary>
    public string LeavePay(string column) => One(column, "", DatedForms.LeavePay, DatedForms.LeavePayWanted);

    /// <summary>A name of the IANA list; empty: none.</summary>
    public string TimeZone(string column) => One(column, "", DatedForms.TimeZone, DatedForms.TimeZoneWanted);

    /// <summary>A part of full time, in hundredths of a percent; blank: all of it.</summary>
    public int PartTime(string column)
    {
        if (Optional(column) is not { } text) return Standing.FullTimeBp;
        if (DatedForms.PartTime(text) is { } bp) return bp;
        Wrong(column, $"'{text}' is not {DatedForms.PartTimeWanted}.");
        return Standing.FullTimeBp;
    }

    public bool Flag(string column)
    {
        var text = Raw(column)?.ToLowerInvariant();
        if (text is not (null or "" or "true" or "false")) Wrong(column, $"'{text}' is neither true nor false.");
        return text == "true";
    }

    private string One(string column, string blank, Func<string, string?> read, string wanted)
    {
        if (Optional(column) is not { } text) return blank;
        if (read(text) is { } known) return known;
        Wrong(column, $"'{text}' is not {wanted}.");
        return blank;
    }

    private string? Raw(string column)
    {
        var text = file[column];
        var fault = text switch
        {
            { Length: > DatedForms.MostText } =>
                $"has {text.Length} characters; {DatedForms.MostText} are the most.",
            _ when text.Any(char.IsControl) => "has a control character or a line break in it.",
            _ => null,
        };
        if (fault is null) return text;

        Wrong(column, fault);
        return null;
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z")]
    private static partial Regex DateForm();
}
