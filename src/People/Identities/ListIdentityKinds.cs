using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.People.Identities;

/// <summary>The kinds of identity that are columns of the file of people.</summary>
internal static class ListIdentityKinds
{
    /// <param name="Kinds">By name.</param>
    public sealed record Reply(IReadOnlyList<IdentityKind> Kinds);

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return TypedResults.Ok(new Reply(await IdentityKind.AllAsync(connection, ct)));
    }
}
