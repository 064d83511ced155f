using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>A version of an offer as it is kept.</summary>
public sealed record StoredOffer(
    OfferId Id, string Name, int Version, string Candidate, string Role, string Employer, bool IsCompetitors,
    DateOnly ValidUntil, string MadeBy, DateTimeOffset MadeAt, string Yaml)
{
    /// <summary>What it says.</summary>
    public Offer Read() => OfferFile.ReadKept(Yaml);
}

/// <summary>Offers as they are kept: versions are added, never changed.</summary>
public static class OfferStore
{
    private const string Columns = """
        select o.offer_id, o.name, o.version, o.candidate, o.role, o.employer, o.is_competitor, o.valid_until,
               o.made_by, o.made_at, o.yaml
          from compensation.v_offer o
        """;

    private const string NewestOfEach = $"""
        {Columns}
         where not exists (
            select from compensation.v_offer n where n.name = o.name and n.version > o.version)
         order by o.made_at desc, o.name limit 1000
        """;

    private const string ById = $"{Columns} where o.offer_id = $1";
    private const string Newest = $"{Columns} where o.name = $1 order by o.version desc limit 1";

    // Two callers keeping one offer would both take the next version.
    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('compensation.offer/' || $1, 0))";

    private const string Insert = """
        insert into compensation.offer (offer_id, name, version, candidate, role, employer, is_competitor, valid_until,
            made_by, made_at, yaml)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """;

    /// <summary>The newest version of each offer, latest made first; at most a thousand.</summary>
    public static async Task<IReadOnlyList<StoredOffer>> ListAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await ReadAsync(connection, NewestOfEach, [], ct);
    }

    /// <summary>One version by its id, or the newest of a name; null where there is none.</summary>
    public static async Task<StoredOffer?> FindAsync(NpgsqlDataSource db, string idOrName, CancellationToken ct)
    {
        if (idOrName.Contains('\0', StringComparison.Ordinal)) return null; // PostgreSQL takes none
        await using var connection = await db.OpenConnectionAsync(ct);
        var found = OfferId.TryParse(idOrName, out var id)
            ? await ReadAsync(connection, ById, [id.Value], ct)
            : await ReadAsync(connection, Newest, [idOrName], ct);
        return found.FirstOrDefault();
    }

    /// <summary>Keeps an offer as its next version, unless the newest says the same. Safe to repeat.</summary>
    public static async Task<(StoredOffer Offer, bool Added)> KeepAsync(
        NpgsqlDataSource db, (Offer Offer, string Yaml) read, string by, TimeProvider clock, CancellationToken ct)
    {
        var (offer, yaml) = read;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var turn = Db.Command(connection, OneAtATime, offer.Name)) await turn.ExecuteNonQueryAsync(ct);
        var newest = (await ReadAsync(connection, Newest, [offer.Name], ct)).FirstOrDefault();
        if (newest?.Yaml == yaml) return (newest, false);

        var kept = new StoredOffer(
            Id.New<OfferId>(clock), offer.Name, (newest?.Version ?? 0) + 1, offer.Candidate, offer.Post.Role,
            offer.Employer, offer.IsCompetitors, offer.ValidUntil, by, clock.GetUtcNow().ToMicros(), yaml);
        await using var insert = Db.Command(
            connection, Insert, kept.Id.Value, kept.Name, kept.Version, kept.Candidate, kept.Role, kept.Employer,
            kept.IsCompetitors, kept.ValidUntil, by, kept.MadeAt, yaml);
        await insert.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return (kept, true);
    }

    private static async Task<List<StoredOffer>> ReadAsync(
        NpgsqlConnection connection, string sql, object[] values, CancellationToken ct)
    {
        await using var command = Db.Command(connection, sql, values);
        await using var row = await command.ExecuteReaderAsync(ct);
        var offers = new List<StoredOffer>();
        while (await row.ReadAsync(ct))
            offers.Add(new StoredOffer(
                new(row.GetGuid(0)), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetString(4),
                row.GetString(5), row.GetBoolean(6), row.GetFieldValue<DateOnly>(7), row.GetString(8),
                row.GetFieldValue<DateTimeOffset>(9), row.GetString(10)));
        return offers;
    }
}
