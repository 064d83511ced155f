using System.CommandLine;
using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.People;

/// <summary><c>guerdon person change PERSON --level L6 --from DAY</c>.</summary>
internal static class ChangePerson
{
    internal sealed record Request(
        DateOnly? From, DateOnly? Until, string? Team, string? Role, string? Level, string? Country,
        string? CostCentre, string? LegalEntity, string? Manager, string? BasePay, string? TotalPay, string? Currency,
        string? Employment, string? PartTime, string? Leave, string? LeavePay, string? TimeZone);

    internal sealed record Reply(
        string Name, bool Changed, bool IsBackdated, IReadOnlyList<ShowHistory.Line> Spans);

    public static Verb Build()
    {
        var person = new Argument<string>("PERSON") { Description = "An e-mail address or id." };
        var from = Values.Day("--from", "The first day it holds; left out: today.");
        var until = Values.Day("--until", "The last day it holds; left out: until the same thing changes again.");
        Option<string?> Text(string name, string description, string help = "TEXT") =>
            new(name) { Description = description, HelpName = help };
        var (team, role) = (Text("--team", "The team's path.", "PATH"), Text("--role", "What they are."));
        var (level, country) = (Text("--level", "L1 to L10."), Text("--country", "Two letters, such as DE."));
        var (centre, entity) = (
            Text("--cost-centre", "Finance's code."), Text("--legal-entity", "Who employs them; empty: not stated."));
        var manager = Text("--manager", "Whom they report to, by e-mail or id; empty: nobody.", "PERSON");
        var (basePay, totalPay) = (
            Text("--base-pay", "A year's.", "AMOUNT"), Text("--total-pay", "A year's, base pay included.", "AMOUNT"));
        var (currency, employment) = (
            Text("--currency", "Three letters, such as EUR."), Text("--employment", "employee or contractor."));
        var (part, leave) = (
            Text("--part-time", "A part of full time, such as 80%."), Text("--leave", "Its kind; empty: none."));
        var leavePay = Text("--leave-pay", "paid or unpaid; of a new leave that does not say: paid.");
        var zone = Text("--time-zone", "A name of the IANA list; empty: not stated.");
        var dryRun = Values.DryRun("Show what the history would be, and change nothing.");
        return new Verb(
            "change", "Change what is true of a person, from a day on; another approves it.",
            "guerdon person change ada@example.com --level L6 --from 2027-01-01",
            "guerdon person change ada@example.com --leave parental --leave-pay unpaid --from 2026-03-01 "
            + "--until 2026-08-31")
        {
            person, from, until, team, role, level, country, centre, entity, manager, basePay, totalPay, currency,
            employment, part, leave, leavePay, zone, dryRun,
        }.Does(async (call, ct) =>
        {
            var request = new Request(
                call.Value(from), call.Value(until), call.Value(team), call.Value(role), call.Value(level),
                call.Value(country), call.Value(centre), call.Value(entity), call.Value(manager), call.Value(basePay),
                call.Value(totalPay), call.Value(currency), call.Value(employment), call.Value(part), call.Value(leave),
                call.Value(leavePay), call.Value(zone));
            var address = Call.Address(
                $"api/v1/people/{Uri.EscapeDataString(call.Value(person))}/changes",
                ("dryRun", call.Value(dryRun) ? "true" : null));
            var answer = await call.PostAsync(
                "Changing the person", address, request, PeopleJson.Default.ChangePersonRequest, ct);
            return Waiting.Show(call, answer) ?? call.Show(
                answer, PeopleJson.Default.ChangePersonReply, reply => Show(call, reply, call.Value(dryRun)));
        });
    }

    private static int Show(Call call, Reply reply, bool dryRun)
    {
        call.Output.Line(reply.Changed ? $"{reply.Name} is changed:" : $"{reply.Name} is all that already:");
        call.Output.Table(ShowHistory.Table(reply.Spans));
        if (reply.IsBackdated)
            call.Output.Note("It holds from a day before today, so that what was granted may come to something else.");
        if (dryRun) call.Output.Note("A dry run: nothing was changed.");
        return ExitCodes.Done;
    }
}
