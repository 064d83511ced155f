using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Approvals;

/// <summary><c>guerdon approvals</c>: what waits for me, and what I asked for and who may decide it.</summary>
internal static class ShowApprovals
{
    internal sealed record Reply(IReadOnlyList<Item> Items, int ForYou, int YouAsked, bool IsCut, string? Next = null);

    internal sealed record Item(
        string Kind, string Id, string Subject, string AskedBy, DateTimeOffset AskedAt, string WhoMay, bool YouMay,
        bool YouAsked, string? Command = null, string? Digest = null, string? Link = null);

    public static Verb Build()
    {
        var after = new Option<string?>("--after")
        {
            Description = "Go on after a page, as its end says.", HelpName = "NEXT",
        };
        return new Verb(
            "approvals", "Show what waits for you to decide, and who may decide what you asked for.",
            "guerdon approvals", "guerdon approvals --json")
        {
            after, InputVerbs.BuildList(), InputVerbs.BuildShow(), InputVerbs.BuildApprove(), InputVerbs.BuildDecline(),
        }.Does(async (call, ct) => call.Show(
            await call.GetAsync(
                "Reading what waits", Call.Address("api/v1/approvals", ("after", call.Value(after))), ct),
            ApprovalsJson.Default.ShowApprovalsReply, reply => Show(call.Output, reply)));
    }

    private static int Show(Output output, Reply reply)
    {
        if (reply.Items.Count == 0) output.Note("Nothing waits for you, nor did you ask for anything that waits.");
        ForYou(output, [.. reply.Items.Where(item => item.YouMay)]);
        Asked(output, [.. reply.Items.Where(item => !item.YouMay)]);
        if (reply.Next is { } next) output.Note($"More: --after {next}");
        if (reply.IsCut) output.Note("There is more of a kind than is listed: the oldest thousand of each are.");
        return ExitCodes.Done;
    }

    private static void ForYou(Output output, IReadOnlyList<Item> items)
    {
        if (items.Count == 0) return;
        output.Line("For you to decide");
        var table = new TextTable().Left("What").Left("About").Left("Asked by").Left("Since").Left("Look at it with");
        foreach (var item in items)
            table.Row(What(item), item.Subject, item.AskedBy, Shown.Time(item.AskedAt), item.Command ?? "");
        output.Table(table);
    }

    private static void Asked(Output output, IReadOnlyList<Item> items)
    {
        if (items.Count == 0) return;
        output.Line("You asked for");
        var table = new TextTable().Left("What").Left("Id").Left("About").Left("Since").Left("Decided by");
        foreach (var item in items)
            table.Row(What(item), item.Id, item.Subject, Shown.Time(item.AskedAt), item.WhoMay);
        output.Table(table);
    }

    private static string What(Item item) => item.Kind.Replace('_', ' ');
}
