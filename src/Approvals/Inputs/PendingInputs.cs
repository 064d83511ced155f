using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Approvals.Inputs;

/// <summary>Proposals of one kind that wait to be approved.</summary>
internal sealed class PendingInputs(NpgsqlDataSource db, IInput kind) : IPendingDecisions
{
    public string Reads => kind.Reads;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        // Whoever may not read all of the kind cannot have proposed one.
        !reader.SeesAll ? [] : [.. (await InputStore.WaitingAsync(db, kind.Kind, most, ct)).Select(Of)];

    private PendingDecision Of(InputProposal one) => new(
        one.Kind, $"{one.Id}",
        $"{one.About} from {one.EffectiveFrom.UtcDay().InWords()}: {Wording.Count(one.ChangeCount, "change")}",
        one.AskedOf(kind), one.AskedAt)
    {
        Digest = one.Digest, Link = $"/admin/inputs/{one.Id}", Command = $"guerdon approvals show {one.Id}",
    };
}
