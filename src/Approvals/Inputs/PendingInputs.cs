using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Approvals.Inputs;

/// <summary>Proposals of one kind that wait to be approved.</summary>
internal sealed class PendingInputs(NpgsqlDataSource db, IInput kind) : IPendingDecisions
{
    public string Reads => kind.Reads;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        // Whoever lost the permission to read all of the kind no longer sees what they proposed of it, as of runs.
        !reader.SeesAll ? [] : [.. (await InputStore.WaitingAsync(db, kind.Kind, most, ct)).Select(Of)];

    private PendingDecision Of(InputProposal one) => new(
        one.Kind, $"{one.Id}",
        $"{one.About} from {one.EffectiveFrom.UtcDay().InWords()}: {Wording.Count(one.ChangeCount, "change")}",
        AskedOf(one), one.AskedAt)
    {
        Digest = one.Digest, Link = $"/admin/inputs/{one.Id}", Command = $"guerdon approvals show {one.Id}",
    };

    // Whom it reaches is counted again as somebody looks; for a list nobody is gone through.
    private Asked AskedOf(InputProposal one)
    {
        var asked = one.AskedOf(kind);
        return asked.NotWho is { } not ? asked with { NotWho = $"{not}, as was counted when it was proposed" } : asked;
    }
}
