using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Pricing.Proposals;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Admin.Overview;

/// <summary>A team's use in a span of days; an empty name stands for all teams of fewer than five people.</summary>
internal sealed record TeamLine(string Team, long People, long Active, long Requests, Tokens Charged);

/// <summary>Somebody in the list of people: who they are and what is left, never how much they used.</summary>
internal sealed record PersonLine(PersonId Id, string Name, string Email, string Team, string Level, Tokens? Left);

/// <summary>A price list that nobody has decided yet.</summary>
internal sealed record WaitingPrices(
    ProposalId Id, string Name, string ImportedBy, DateTimeOffset ImportedAt, long New, long Changed, long Outliers);

/// <summary>Reads across people and wallets, from the modules' views. Nothing here orders people by volume.</summary>
internal static class AdminReads
{
    private static readonly string TeamsSql = Sql.Read("Admin/Overview/TeamTotals.sql");

    private const string PeopleSql = """
        select p.person_id, p.name, p.email, p.team, p.level,
               (select sum(b.available_milli + b.escrow_milli)::bigint from ledger.v_balance b
                 where b.wallet_id = p.person_id and b.asset = ledger.asset_compute())
               - (select coalesce(sum(u.charged_milli), 0)::bigint from metering.v_unsettled u
                   where u.wallet_id = p.person_id) as left_milli
          from people.v_person p
         where ($1 = '%%' or p.name ilike $1 or p.email ilike $1 or p.team ilike $1)
           and ($2::text is null or (p.name, p.email) > ($2, $3))
           and ($5 or p.person_id = $6::uuid or ($7 and p.person_id in (
                select u.person_id from people.under($6::uuid, $8) u)))
         order by p.name, p.email
         limit $4
        """;

    private const string PricesSql = """
        select p.proposal_id, p.name, p.imported_by, p.imported_at, p.new_count::bigint as new,
               p.changed_count::bigint as changed, p.outlier_count::bigint as outliers
          from pricing.v_proposal p
         where p.is_approved is null
         order by p.imported_at desc, p.proposal_id
         limit 50
        """;

    public static async Task<IReadOnlyList<TeamLine>> TeamsAsync(
        NpgsqlDataSource db, DateOnly from, DateOnly to, CancellationToken ct) =>
        await db.ReadAsync(
            TeamsSql,
            row => new TeamLine(
                row.Text("team"), row.Bigint("people"), row.Bigint("active"), row.Bigint("requests"),
                row.Tokens("charged_milli")),
            [from, to], ct);

    /// <summary>Price lists that wait, the newest first; at most 50.</summary>
    public static async Task<IReadOnlyList<WaitingPrices>> PricesAsync(NpgsqlDataSource db, CancellationToken ct) =>
        await db.ReadAsync(
            PricesSql,
            row => new WaitingPrices(
                row.Id<ProposalId>("proposal_id"), row.Text("name"), row.Text("imported_by"),
                row.Instant("imported_at"), row.Bigint("new"), row.Bigint("changed"), row.Bigint("outliers")),
            [], ct);

    /// <summary>Which people are wanted.</summary>
    /// <param name="Text">Part of a name, an address or a team; null: any.</param>
    /// <param name="Of">Whom the reader may see.</param>
    /// <param name="Today">Who reports to whom is asked of this day.</param>
    public readonly record struct Wanted(string? Text, Readable.Listed Of, DateOnly Today);

    /// <summary>A page of people by name.</summary>
    public static async Task<IReadOnlyList<PersonLine>> PeopleAsync(
        NpgsqlDataSource db, Wanted which, (string Name, string Email)? after, int limit, CancellationToken ct)
    {
        var wanted = (which.Text ?? "").Trim().Replace("\0", "", StringComparison.Ordinal)
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
        return await db.ReadAsync(
            PeopleSql,
            row => new PersonLine(
                row.Id<PersonId>("person_id"), row.Text("name"), row.Text("email"), row.Text("team"),
                row.Text("level"), row.BigintOrNull("left_milli") is { } left ? new Tokens(left) : null),
            [$"%{wanted}%", after?.Name, after?.Email, limit, which.Of.IsOfAll, which.Of.Person, which.Of.WithTeam,
                which.Today], ct);
    }
}
