using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Npgsql;

namespace Guerdon.Host.Running;

/// <summary>The days' seals over HTTP, for a job elsewhere that saves them.</summary>
internal static class SealRoutes
{
    /// <param name="Seals">The oldest first; roots in hexadecimal.</param>
    public sealed record Reply(IReadOnlyList<SavedSeal> Seals);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/seals", Handle).RequireAuthorization(Permissions.SealsRead).WithTags("Verify");

    private static async Task<Reply> Handle(NpgsqlDataSource db, CancellationToken ct) =>
        new(await SavedSeals.ListAsync(db, ct));
}
