using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Notices.Deliveries;

/// <summary>Notices that failed, wait, were sent or were skipped, by whichever channel, newest first.</summary>
internal static class ListDeliveries
{
    /// <param name="Deliveries">The newest 200.</param>
    public sealed record Reply(IReadOnlyList<Delivery> Deliveries);

    /// <param name="state">Null: failed.</param>
    /// <param name="way">Null: any.</param>
    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string? state, string? way, NpgsqlDataSource db, CancellationToken ct)
    {
        if (state is not null && !DeliveryStates.All.Contains(state))
            return NoticeRefusals.StateUnknown.ToProblem($"There is no state '{state}'.");
        if (NoticeChannels.Unknown(way) is { } no) return no.ToProblem();
        return TypedResults.Ok(new Reply(await DeliveryReads.NewestAsync(db, state ?? DeliveryStates.Failed, way, ct)));
    }
}
