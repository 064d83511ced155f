using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Notices.Deliveries;

/// <summary>Has notices that failed tried again. What was sent is never sent again by it. Safe to repeat.</summary>
internal static class SendAgain
{
    /// <param name="Way">By which channel; null: all.</param>
    /// <param name="Notice">Which; null: all that failed in the last 30 days.</param>
    public sealed record Request(string? Way = null, NoticeId? Notice = null);

    /// <param name="Count">How many failed and are tried again.</param>
    public sealed record Reply(int Count);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request? request, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (NoticeChannels.Unknown(request?.Way) is { } no) return no.ToProblem();
        return TypedResults.Ok(new Reply(
            await DeliveryReads.AgainAsync(db, request?.Way, request?.Notice, clock.GetUtcNow(), ct)));
    }
}
