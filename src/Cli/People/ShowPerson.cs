using System.CommandLine;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.People;

/// <summary><c>guerdon person show PERSON --on DAY</c>. Pay is only in <c>--json</c>.</summary>
internal static class ShowPerson
{
    internal sealed record Reply(
        string Email, string Name, string Team, string Role, string Level, string Country, string CostCentre,
        DateOnly HiredOn, bool IsBot, string Employment = "employee", int PartTimeBp = 10_000, DateOnly? LeftOn = null,
        string? LegalEntity = null, string? ManagerEmail = null, string? Leave = null, string? LeavePay = null,
        string? TimeZone = null);

    public static Verb Build()
    {
        var person = new Argument<string>("PERSON") { Description = "An e-mail address or id; me: yourself." };
        var on = Values.Day("--on", "As they were, or are to be, on a day; left out: today.");
        return new Verb(
            "show", "Show a person, as they are today or on another day.",
            "guerdon person show ada@example.com", "guerdon person show ada@example.com --on 2026-03-31")
        {
            person, on,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address(
                $"api/v1/people/{Uri.EscapeDataString(call.Value(person))}",
                ("on", call.Value(on) is { } day ? Shown.Day(day) : null));
            var answer = await call.GetAsync("Reading the person", address, ct);
            return call.Show(answer, PeopleJson.Default.ShowPersonReply, reply =>
            {
                foreach (var line in Lines(reply)) call.Output.Line(line);
                return ExitCodes.Done;
            });
        });
    }

    private static IEnumerable<string> Lines(Reply person)
    {
        yield return $"{person.Name} <{person.Email}>{(person.IsBot ? ", a bot" : "")}";
        yield return $"employed    from {Shown.Day(person.HiredOn)}"
            + (person.LeftOn is { } left ? $" to {Shown.Day(left)}" : "")
            + $" as {person.Employment}, {Decimals.Format(person.PartTimeBp, 2, 0)}%";
        yield return $"team        {person.Team}";
        yield return $"role        {person.Role}, {person.Level}";
        yield return $"country     {person.Country}{(person.TimeZone is { } zone ? $", {zone}" : "")}";
        yield return $"cost centre {person.CostCentre}{(person.LegalEntity is { } entity ? $", {entity}" : "")}";
        if (person.ManagerEmail is { } manager) yield return $"manager     {manager}";
        if (person.Leave is { } leave) yield return $"on leave    {ShowHistory.Leave(leave, person.LeavePay)}";
    }
}
