using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;
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
          from gateway.v_key where wallet_id = $1 order by created_at desc limit 1000
        """;

    internal static async Task<Results<Ok<IReadOnlyList<Item>>, ProblemHttpResult>> Handle(
        string? person, HttpContext http, PeopleDirectory people, NpgsqlDataSource db, CancellationToken ct)
    {
        if (await KeyOwner.FindAsync(person, (http.User, Permissions.KeysRead), people, ct) is not { } wallet)
            return PeopleRefusals.PersonNotFound.ToProblem($"There is no '{person}' whose keys you may list.");
        LookedAt.Say(http, wallet.Value);
        return TypedResults.Ok(await OfAsync(db, wallet, ct));
    }

    public static async Task<IReadOnlyList<Item>> OfAsync(NpgsqlDataSource db, WalletId wallet, CancellationToken ct) =>
        await db.ReadAsync(
            OfWalletSql,
            row => new Item(
                row.Id<KeyId>("key_id"), row.Text("name"), row.Text("hint"), row.GetOrNull<string[]>("models"),
                row.BigintOrNull("budget_milli"), row.InstantOrNull("expires_at"), row.Instant("created_at"),
                row.InstantOrNull("revoked_at")),
            [wallet.Value], ct);
}
