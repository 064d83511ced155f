using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Shared;

/// <summary>The days whose usage is looked at.</summary>
internal static class UsageDays
{
    public static Option<DateOnly?> From() =>
        Values.Day("--from", "First day, UTC (default: 34 days before the last).");

    public static Option<DateOnly?> To() => Values.Day("--to", "Last day, included (default: today).");

    public static string? Iso(DateOnly? day) => day is { } d ? Call.Iso(d) : null;
}
