using System.CommandLine;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Client.Verbs;

/// <summary>The days whose usage is looked at.</summary>
public static class UsageDays
{
    public static Option<DateOnly?> From() =>
        Values.Day("--from", "First day, UTC (default: 34 days before the last).");

    public static Option<DateOnly?> To() => Values.Day("--to", "Last day, included (default: today).");

    public static string? Iso(DateOnly? day) => day is { } d ? Call.Iso(d) : null;
}
