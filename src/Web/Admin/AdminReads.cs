using Dapper;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Pricing.Proposals;
using Npgsql;

namespace Guerdon.Web.Admin;

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
    private static readonly string TeamsSql = Sql.Read("Web/Admin/TeamTotals.sql");

    private const string PeopleSql = """
        select p.person_id, p.name, p.email, p.team, p.level,
               (select sum(b.available_milli + b.escrow_milli)::bigint from ledger.v_balance b
                 where b.wallet_id = p.person_id and b.asset = ledger.asset_compute()) as left_milli
          from people.v_person p
         where (@like = '%%' or p.name ilike @like or p.email ilike @like or p.team ilike @like)
           and (@afterName::text is null or (p.name, p.email) > (@afterName, @afterEmail))
         order by p.name, p.email
         limit @limit
        """;

    private const string PricesSql = """
        select p.proposal_id, p.name, p.imported_by, p.imported_at, p.new_count::bigint as new,
               p.changed_count::bigint as changed, p.outlier_count::bigint as outliers
          from pricing.v_proposal p
         where p.is_approved is null
         order by p.imported_at desc, p.proposal_id
         limit 50
        """;

    private sealed record PricesRow(
        Guid Proposal_Id, string Name, string Imported_By, DateTime Imported_At, long New, long Changed, long Outliers);

    private sealed record TeamRow(string Team, long People, long Active, long Requests, long Charged_Milli);

    private sealed record PersonRow(
        Guid Person_Id, string Name, string Email, string Team, string Level, long? Left_Milli);

    public static async Task<IReadOnlyList<TeamLine>> TeamsAsync(
        NpgsqlDataSource db, DateOnly from, DateOnly to, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<TeamRow>(new CommandDefinition(
            TeamsSql, new { from = from.ToDateTime(default), to = to.ToDateTime(default) }, cancellationToken: ct));
        return [.. rows.Select(r => new TeamLine(r.Team, r.People, r.Active, r.Requests, new(r.Charged_Milli)))];
    }

    /// <summary>Price lists that wait, the newest first; at most 50.</summary>
    public static async Task<IReadOnlyList<WaitingPrices>> PricesAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<PricesRow>(new CommandDefinition(PricesSql, cancellationToken: ct));
        return [.. rows.Select(r => new WaitingPrices(
            new(r.Proposal_Id), r.Name, r.Imported_By, new(r.Imported_At), r.New, r.Changed, r.Outliers))];
    }

    /// <summary>A page of people by name, those whose name, e-mail or team contains a text.</summary>
    public static async Task<IReadOnlyList<PersonLine>> PeopleAsync(
        NpgsqlDataSource db, string? text, (string Name, string Email)? after, int limit, CancellationToken ct)
    {
        var wanted = (text ?? "").Trim().Replace("\0", "", StringComparison.Ordinal)
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<PersonRow>(new CommandDefinition(PeopleSql, new
        {
            like = $"%{wanted}%", afterName = after?.Name, afterEmail = after?.Email, limit,
        }, cancellationToken: ct));
        return [.. rows.Select(r => new PersonLine(
            new(r.Person_Id), r.Name, r.Email, r.Team, r.Level, r.Left_Milli is { } left ? new Tokens(left) : null))];
    }
}
