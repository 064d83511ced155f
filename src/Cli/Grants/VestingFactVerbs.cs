using System.CommandLine;
using System.Globalization;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon vesting record|facts|approve|decline</c>: events and accelerations of grants that vest, recorded
/// by one administrator and decided by another.</summary>
internal static class VestingFactVerbs
{
    private const string Address = "api/v1/vesting/facts";

    internal sealed record Asked(
        string Kind, DateOnly HappenedOn, string Reason, string? ConditionId, long? AmountMilli);

    internal sealed record Page(IReadOnlyList<Fact> Facts, string? Next = null);

    internal sealed record Fact(
        string Id, string Run, int Line, string Kind, DateOnly HappenedOn, string Reason, string AskedBy, string Email,
        string State, string? ConditionId = null, long? AmountMilli = null, string? ApprovedBy = null,
        string? DeclinedBy = null, string? DeclinedReason = null, string? WhoMay = null);

    public static Verb BuildRecord()
    {
        var run = RunVerbs.Id();
        var line = Values.WholeArgument("LINE", "The grant's line in the run.", 1, int.MaxValue);
        var on = Values.Day("--on", "The day it happened, from which it counts.");
        on.Required = true;
        var happened = new Option<string?>("--event")
        {
            Description = "The condition that was waiting for it; left out: an acceleration.", HelpName = "CONDITION",
        };
        var amount = new Option<string?>("--tokens")
        {
            Description = "For an acceleration: how many tokens; left out: all that have not vested.", HelpName = "N",
        };
        var reason = Decisions.Why("For the record.");
        return new Verb(
            "record", "Record an event that vesting waits for, or an acceleration; another administrator approves it.",
            "guerdon vesting record run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b 12 --event launch --on 2026-11-20"
                + " --reason 'It launched'",
            "guerdon vesting record run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b 12 --on 2026-11-20 --tokens 2500"
                + " --reason 'Agreed'")
        {
            run, line, on, happened, amount, reason,
        }.Does(async (call, ct) =>
        {
            long? milli = null;
            if (call.Value(amount) is { } text)
            {
                if (call.Value(happened) is not null) return call.Misuse("an event has no --tokens");
                if (!Decimals.TryParse(text, 3, out var read) || read < 1)
                    return call.Misuse($"'{text}' is not a number of tokens: write it as 5000 or 12.5.");
                milli = read;
            }

            var body = new Asked(
                call.Value(happened) is null ? "acceleration" : "event", call.Value(on)!.Value, call.Value(reason)!,
                call.Value(happened), milli);
            var number = call.Value(line).ToString(CultureInfo.InvariantCulture);
            return Show(call, await call.PostAsync(
                "Recording it", $"{RunVerbs.Of(call.Value(run))}/lines/{number}/vesting", body,
                GrantsJson.Default.VestingFactVerbsAsked, ct));
        });
    }

    public static Verb BuildList()
    {
        var all = new Option<bool>("--all") { Description = "Also those that are already decided." };
        var after = new Option<string?>("--after") { Description = "Facts older than this one.", HelpName = "FACT" };
        return new Verb(
            "facts", "List recorded facts that wait for approval.", "guerdon vesting facts",
            "guerdon vesting facts --all")
        {
            all, after,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address(
                Address, ("waiting", call.Value(all) ? null : "true"), ("after", call.Value(after)));
            return call.Show(
                await call.GetAsync("Listing facts", address, ct), GrantsJson.Default.VestingFactVerbsPage, page =>
                {
                    if (page.Facts.Count == 0)
                        call.Output.Note(call.Value(all) ? "Nothing was recorded." : "Nothing is waiting.");
                    else call.Output.Table(Table(page.Facts));
                    if (page.Next is { } next) call.Output.Note($"Older ones: --after {next}");
                    return ExitCodes.Done;
                });
        });
    }

    public static Verb BuildApprove()
    {
        var (id, alone) = (Id(), Decisions.Alone());
        return new Verb(
            "approve", "Approve a fact that somebody else recorded, of somebody else's grant.",
            "guerdon vesting approve vfa_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id, alone,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Approving it", $"{Of(call.Value(id))}/approve", new Decisions.Agreement(call.Value(alone)),
            SharedJson.Default.DecisionsAgreement, ct)));
    }

    public static Verb BuildDecline()
    {
        var (id, reason) = (Id(), Decisions.Why("For the record."));
        return new Verb(
            "decline", "Decline a fact, or withdraw your own; it never counts.",
            "guerdon vesting decline vfa_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason 'Another day'")
        {
            id, reason,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Declining it", $"{Of(call.Value(id))}/decline", new Decisions.Decision(call.Value(reason)!),
            SharedJson.Default.DecisionsDecision, ct)));
    }

    private static Argument<string> Id() =>
        new("FACT") { Description = "The fact's id, from 'guerdon vesting facts'." };

    private static string Of(string id) => $"{Address}/{Uri.EscapeDataString(id)}";

    private static int Show(Call call, Answer answer) =>
        call.Show(answer, GrantsJson.Default.VestingFactVerbsFact, fact =>
        {
            call.Output.Line($"{fact.Id}: {What(fact)} for {fact.Email}, {State(fact)}.");
            if (fact.WhoMay is { } who)
                call.Output.Line($"It waits for {who}: guerdon vesting approve {fact.Id}");
            return ExitCodes.Done;
        });

    private static TextTable Table(IReadOnlyList<Fact> facts)
    {
        var table = new TextTable().Left("Fact").Left("Person").Left("What").Left("On").Left("Why").Left("State");
        foreach (var f in facts) table.Row(f.Id, f.Email, What(f), Call.Iso(f.HappenedOn), f.Reason, State(f));
        return table;
    }

    private static string What(Fact fact) => fact switch
    {
        { Kind: "event" } => $"event {fact.ConditionId}",
        { AmountMilli: { } milli } => $"acceleration of {new Tokens(milli)} tokens",
        _ => "acceleration of all that is left",
    };

    private static string State(Fact fact) => fact switch
    {
        { ApprovedBy: { } by } => $"approved by {by}",
        { DeclinedBy: { } by } => $"declined by {by}: {fact.DeclinedReason}",
        _ => $"waits, recorded by {fact.AskedBy}",
    };
}
