using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Identity.Giving;

/// <summary>Accounts by e-mail, a page at a time; and one, with the roles that it has and had.</summary>
internal static class ListAccounts
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    // Who gives and takes roles over and over is not listed without an end.
    private const string RolesSql = """
        select role, source, given_at, given_by, agreed_by, given_alone, taken_at, taken_by
          from host.account_role where account_id = $1
         order by taken_at is not null, given_at desc, role, source limit 1000
        """;

    /// <param name="Accounts">By e-mail.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Reply(IReadOnlyList<AccountShown> Accounts, string? Next);

    /// <param name="Account">The account.</param>
    /// <param name="Roles">Those that it has, then those that it had, the newest first.</param>
    public sealed record OneReply(AccountShown Account, IReadOnlyList<Given> Roles);

    /// <summary>A role that an account has or had.</summary>
    /// <param name="Role">Of <see cref="Kernel.Roles"/>.</param>
    /// <param name="Source">upgrade, server, administrator, or what gave it by itself.</param>
    /// <param name="GivenAt">When.</param>
    /// <param name="GivenBy">Who asked for it, or gave it on the server's machine.</param>
    /// <param name="AgreedBy">Who agreed; null: it took nobody else.</param>
    /// <param name="GivenAlone">Whether the only administrator agreed to what they asked for themselves.</param>
    /// <param name="TakenAt">When it was taken; null: it is there.</param>
    /// <param name="TakenBy">By whom.</param>
    public sealed record Given(
        string Role, string Source, DateTimeOffset GivenAt, string GivenBy, string? AgreedBy, bool GivenAlone,
        DateTimeOffset? TakenAt, string? TakenBy);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> All(
        string? after, int? limit, AccountDirectory accounts, TimeProvider clock, CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return IdentityRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        var found = await accounts.PageAsync(after ?? "", wanted + 1, ct);
        var more = found.Count > wanted;
        if (more) found.RemoveAt(wanted);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Reply(
            [.. found.Select(a => AccountShown.Of(a, now))], more ? found[^1].Email : null));
    }

    internal static async Task<Results<Ok<OneReply>, ProblemHttpResult>> One(
        string account, AccountDirectory accounts, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (!(await accounts.NamedAsync(account, ct)).Is(out var found, out var none))
            return none.ToProblem();
        return TypedResults.Ok(new OneReply(
            AccountShown.Of(found, clock.GetUtcNow()), await HistoryAsync(db, found.Id, ct)));
    }

    private static async Task<IReadOnlyList<Given>> HistoryAsync(
        NpgsqlDataSource db, AccountId account, CancellationToken ct) =>
        await db.ReadAsync(
            RolesSql,
            row => new Given(
                row.Text("role"), row.Text("source"), row.Instant("given_at"), row.Text("given_by"),
                row.TextOrNull("agreed_by"), row.Bool("given_alone"), row.InstantOrNull("taken_at"),
                row.TextOrNull("taken_by")),
            [account.Value], ct);
}
