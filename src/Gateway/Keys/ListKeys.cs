using System.Security.Claims;
using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Gateway.Keys;

/// <summary>A person's keys, the newest first, revoked ones too. Never the keys themselves.</summary>
public static class ListKeys
{
    /// <summary>
    /// A key as its owner sees it. <c>Hint</c> is its end, <c>Models</c> null allows all, the budget is in
    /// milli-tokens.
    /// </summary>
    public sealed record Item(
        KeyId Id, string Name, string Hint, IReadOnlyList<string>? Models, long? BudgetMilli, DateTimeOffset? ExpiresAt,
        DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

    private const string OfWalletSql = """
        select key_id, name, hint, models, budget_milli, expires_at, created_at, revoked_at
          from gateway.v_key where wallet_id = @wallet order by created_at desc limit 1000
        """;

    internal static async Task<Results<Ok<IReadOnlyList<Item>>, ProblemHttpResult>> Handle(
        string? person, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db, CancellationToken ct)
    {
        var wallet = await KeyOwner.FindAsync(person, caller, people, ct);
        return wallet is null
            ? PeopleRefusals.PersonNotFound.ToProblem($"There is no '{person}' whose keys you may list.")
            : TypedResults.Ok(await OfAsync(db, wallet.Value, ct));
    }

    public static async Task<IReadOnlyList<Item>> OfAsync(NpgsqlDataSource db, WalletId wallet, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(OfWalletSql, new { wallet = wallet.Value }, cancellationToken: ct));
        return [.. rows.Select(r => new Item(
            new(r.Key_Id), r.Name, r.Hint, r.Models, r.Budget_Milli, r.Expires_At, r.Created_At, r.Revoked_At))];
    }

    // Filled by name: Dapper cannot pass an array column to a constructor.
    private sealed record Row
    {
        public Guid Key_Id { get; init; }
        public required string Name { get; init; }
        public required string Hint { get; init; }
        public string[]? Models { get; init; }
        public long? Budget_Milli { get; init; }
        public DateTime? Expires_At { get; init; }
        public DateTime Created_At { get; init; }
        public DateTime? Revoked_At { get; init; }
    }
}
