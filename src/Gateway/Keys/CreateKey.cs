using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Pricing.Book;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Gateway.Keys;

/// <summary>
/// Makes a personal key. The key itself is in the answer and nowhere else; asking again makes another.
/// </summary>
public static class CreateKey
{
    private const int MaxNameLength = 100;
    private const int MaxModels = 100;

    /// <param name="Person">By id or e-mail; null: the caller.</param>
    /// <param name="Name">What it is for, 1 to 100 characters.</param>
    /// <param name="Models">The only models it may call; null or empty: all.</param>
    /// <param name="BudgetMilli">The most it may ever spend; null: as far as the wallet goes.</param>
    /// <param name="ExpiresAt">From then on it is refused; null: never.</param>
    public sealed record Request(
        string? Person, string Name, IReadOnlyList<string>? Models, long? BudgetMilli, DateTimeOffset? ExpiresAt);

    /// <param name="Id">Names it from now on, to revoke it.</param>
    /// <param name="Key">The key, shown this once.</param>
    /// <param name="Hint">Its last four characters.</param>
    public sealed record Created(KeyId Id, string Key, string Hint);

    private const string InsertSql = """
        insert into gateway.key (key_id, wallet_id, name, hash, hint, models, budget_milli, expires_at, created_at)
        select $1, $2, $3, $4, $5, $6::text[], $7::bigint, $8::timestamptz, $9
         where not exists (
            select from people.v_person
             where person_id = $2
               and (left_on < ($9 at time zone 'UTC')::date or access_ended_at is not null))
        """;

    internal static async Task<Results<Created<Created>, ProblemHttpResult>> Handle(
        Request request, ClaimsPrincipal caller, PeopleDirectory people, PriceBook prices, IssueKey issue,
        CancellationToken ct)
    {
        var wallet = await KeyOwner.FindAsync(request.Person, (caller, Permissions.KeysMake), people, ct);
        if (wallet is null)
            return PeopleRefusals.PersonNotFound.ToProblem(string.IsNullOrEmpty(request.Person)
                ? "Your account does not belong to a person, and so has no wallet that a key could be for."
                : $"There is no '{request.Person}' that you may make keys for.");
        if (Check(request, prices, issue.Now) is { } wrong) return wrong.ToProblem();

        return (await issue.TryAsync(wallet.Value, request, ct)).Is(out var created, out var left)
            ? TypedResults.Created($"/api/v1/keys/{created.Id}", created) : left.ToProblem();
    }

    /// <summary>What is wrong with a request, or null.</summary>
    public static Refused? Check(Request request, PriceBook prices, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > MaxNameLength)
            return KeyRefusals.Invalid.With($"The name must have 1 to {MaxNameLength} characters.");
        if (request.BudgetMilli is < 1)
            return KeyRefusals.Invalid.With($"The budget must be positive, not {request.BudgetMilli}.");
        if (request.ExpiresAt <= now)
            return KeyRefusals.Invalid.With($"It would have expired on {Wording.Utc(request.ExpiresAt)}.");
        if (request.Models?.Count > MaxModels)
            return KeyRefusals.Invalid.With($"At most {MaxModels} models can be named.");
        var unknown = request.Models?.FirstOrDefault(model => prices.Find(model, now) is null);
        return unknown is null ? null : KeyRefusals.Invalid.With($"There is no model '{unknown}' in the price book.");
    }

    /// <summary>Writes a key that was checked.</summary>
    public sealed class IssueKey(NpgsqlDataSource db, TimeProvider clock)
    {
        internal DateTimeOffset Now => clock.GetUtcNow();

        /// <summary>Makes it for a wallet whose owner has not left.</summary>
        /// <exception cref="InvalidOperationException">The owner has.</exception>
        public async Task<Created> RunAsync(WalletId wallet, Request request, CancellationToken ct)
        {
            var result = await TryAsync(wallet, request, ct);
            return result.Is(out var created, out var no) ? created : throw new InvalidOperationException(no.Detail);
        }

        /// <summary>Makes it, or says why not: the wallet's owner has left.</summary>
        public async Task<Result<Created>> TryAsync(WalletId wallet, Request request, CancellationToken ct)
        {
            var (id, key) = (Id.New<KeyId>(clock), ApiKey.Make());
            var models = request.Models is { Count: > 0 } only ? only.ToArray() : null;
            var made = await db.ExecuteAsync(InsertSql,
                [
                    id.Value, wallet.Value, request.Name.Trim(), ApiKey.Hash(key), key[^4..], models,
                    request.BudgetMilli, request.ExpiresAt, clock.GetUtcNow(),
                ], ct);
            return made == 1 ? new Created(id, key, key[^4..])
                : KeyRefusals.OwnerLeft.With("Their last day of employment is over.");
        }
    }
}

internal static class KeyOwner
{
    /// <summary>The wallet of a person whom the caller may act for; the caller's own where none is named.</summary>
    public static async Task<WalletId?> FindAsync(
        string? person, (ClaimsPrincipal Caller, string Permission) who, PeopleDirectory people, CancellationToken ct)
    {
        if (person is null or "me") return Access.PersonOf(who.Caller) is { } own ? new WalletId(own) : null;
        return await Readable.FindAsync(person, who.Caller, who.Permission, people, ct) is { } found
            ? new WalletId(found.Id.Value) : null;
    }
}
