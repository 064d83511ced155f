using Guerdon.Terminal;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client.Verbs;

/// <summary>Answers that say that what was sent waits for somebody else to approve it.</summary>
public static class Waiting
{
    public sealed record Reply(Proposal Waits, string WhoMay);

    public sealed record Proposal(
        string Id, string About, DateTimeOffset EffectiveFrom, string Basis, IReadOnlyList<Change> Changes, int Reach,
        string AskedBy, DateTimeOffset AskedAt, string State, string? Digest = null, string? DecidedBy = null,
        DateTimeOffset? DecidedAt = null, bool Alone = false, string? Reason = null, string? Made = null);

    public sealed record Change(string What, string? Before = null, string? After = null);

    /// <summary>Shows what waits.</summary>
    /// <returns>The exit code, or null where nothing waits: it is in effect, or was refused.</returns>
    public static int? Show(Call call, Answer answer)
    {
        if (answer.No is not null || answer.Reply.ValueKind != System.Text.Json.JsonValueKind.Object
            || !answer.Reply.TryGetProperty("waits", out _)) return null;
        return call.Show(answer, SharedJson.Default.WaitingReply, reply =>
        {
            call.Output.Line($"{reply.Waits.About}: nothing is in effect yet, it waits for {reply.WhoMay}.");
            Show(call.Output, reply.Waits);
            call.Output.Note($"They look at it with: guerdon approvals show {reply.Waits.Id}");
            return ExitCodes.Done;
        });
    }

    /// <summary>Shows what a proposal would change, whom it reaches, and its digest.</summary>
    public static void Show(Output output, Proposal one)
    {
        output.Line(
            $"{one.Id}, proposed by {one.AskedBy} on {Shown.Time(one.AskedAt)}, in effect from "
            + $"{Shown.Time(one.EffectiveFrom)}, compared with {one.Basis}; it reaches "
            + $"{Kernel.Wording.Count(one.Reach, "person", "people")}.");
        var table = new TextTable().Left("What").Left("Before").Left("After");
        foreach (var change in one.Changes) table.Row(change.What, change.Before ?? "", change.After ?? "");
        output.Line($"Digest {one.Digest}");
        output.Table(table);
    }
}
