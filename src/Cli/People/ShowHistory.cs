using System.CommandLine;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.People;

/// <summary><c>guerdon person history PERSON</c>: what was, is and is to be true of them. Pay is only in <c>--json</c>.
/// </summary>
internal static class ShowHistory
{
    internal sealed record Reply(
        string Name, DateOnly HiredOn, IReadOnlyList<Line> Spans, IReadOnlyList<Made> Changes,
        DateOnly? LeftOn = null);

    internal sealed record Made(
        DateOnly From, IReadOnlyList<string> Parts, DateTimeOffset MadeAt, string MadeBy, DateOnly? Until = null);

    internal sealed record Line(DateOnly From, Standing Standing, DateOnly? To = null, string? ManagerEmail = null);

    /// <summary>Without pay, which only <c>--json</c> has.</summary>
    internal sealed record Standing(
        string Team, string Role, string Level, string Country, string CostCentre, string Employment = "employee",
        int PartTimeBp = 10_000, string? LegalEntity = null, string? Leave = null, string? LeavePay = null,
        string? TimeZone = null);

    public static Verb Build()
    {
        var person = new Argument<string>("PERSON") { Description = "An e-mail address or id; me: your own." };
        return new Verb(
            "history", "Show what was, is and is to be true of a person, with the days from which on it is.",
            "guerdon person history ada@example.com") { person }
            .Does(async (call, ct) =>
            {
                var answer = await call.GetAsync(
                    "Reading the history", $"api/v1/people/{Uri.EscapeDataString(call.Value(person))}/history", ct);
                return call.Show(answer, PeopleJson.Default.ShowHistoryReply, reply =>
                {
                    call.Output.Line($"{reply.Name}, employed from {Shown.Day(reply.HiredOn)}"
                        + (reply.LeftOn is { } left ? $" to {Shown.Day(left)}." : "."));
                    call.Output.Table(Table(reply.Spans));
                    if (reply.Changes.Count > 0) call.Output.Table(Table(reply.Changes));
                    return ExitCodes.Done;
                });
            });
    }

    private static TextTable Table(IReadOnlyList<Made> changes)
    {
        var table = new TextTable().Left("Changed").Left("From").Left("Until").Left("By").Left("At");
        foreach (var change in changes)
            table.Row(
                string.Join(", ", change.Parts), Shown.Day(change.From),
                change.Until is { } end ? Shown.Day(end) : "", change.MadeBy, Shown.Time(change.MadeAt));
        return table;
    }

    /// <summary>A leave, and whether it is paid.</summary>
    internal static string Leave(string? kind, string? pay) => kind is null ? "" : $"{kind}, {pay}";

    /// <summary>Spans as a table.</summary>
    internal static TextTable Table(IReadOnlyList<Line> spans)
    {
        var table = new TextTable();
        foreach (var header in (string[])
            ["From", "To", "Team", "Role", "Level", "Country", "Cost centre", "Legal entity", "Manager", "Employment",
                "Part time", "Leave", "Time zone"]) table.Left(header);
        foreach (var (from, s, to, manager) in spans)
            table.Row(
                Shown.Day(from), to is { } end ? Shown.Day(end) : "", s.Team, s.Role, s.Level, s.Country, s.CostCentre,
                s.LegalEntity ?? "", manager ?? "", s.Employment, $"{Decimals.Format(s.PartTimeBp, 2, 0)}%",
                Leave(s.Leave, s.LeavePay), s.TimeZone ?? "");
        return table;
    }
}
