using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>A version of an offer as it is saved.</summary>
public sealed record StoredOffer(
    OfferId Id, string Name, int Version, string Candidate, string Role, string Employer, bool IsCompetitors,
    DateOnly ValidUntil, string MadeBy, DateTimeOffset MadeAt, string Yaml)
{
    /// <summary>What it says.</summary>
    public Offer Read() => OfferFile.ReadSaved(Yaml);
}

/// <summary>Offers in the database: versions are added, never changed.</summary>
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

    // One caller at a time, since two that save one offer would both take the next version.
    private static string LockOf(string name) => $"compensation.offer/{name}";

    private const string Insert = """
        insert into compensation.offer (offer_id, name, version, candidate, role, employer, is_competitor, valid_until,
            made_by, made_at, yaml)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """;

    /// <summary>The newest version of each offer, latest made first; at most a thousand.</summary>
    public static async Task<IReadOnlyList<StoredOffer>> ListAsync(NpgsqlDataSource db, CancellationToken ct) =>
        await db.ReadAsync(NewestOfEach, OfferOf, [], ct);

    /// <summary>One version by its id, or the newest of a name; null where there is none.</summary>
    public static async Task<StoredOffer?> FindAsync(NpgsqlDataSource db, string idOrName, CancellationToken ct)
    {
        if (idOrName.Contains('\0', StringComparison.Ordinal)) return null; // PostgreSQL takes none
        return OfferId.TryParse(idOrName, out var id)
            ? await db.FirstAsync(ById, OfferOf, [id.Value], ct)
            : await db.FirstAsync(Newest, OfferOf, [idOrName], ct);
    }

    /// <summary>Saves an offer as its next version, unless the newest says the same. Safe to repeat.</summary>
    public static async Task<(StoredOffer Offer, bool Added)> KeepAsync(
        NpgsqlDataSource db, (Offer Offer, string Yaml) read, string by, TimeProvider clock, CancellationToken ct)
    {
        var (offer, yaml) = read;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, LockOf(offer.Name), ct);
        var newest = await connection.FirstAsync(Newest, OfferOf, [offer.Name], ct);
        if (newest?.Yaml == yaml) return (newest, false);

        var kept = new StoredOffer(
            Id.New<OfferId>(clock), offer.Name, (newest?.Version ?? 0) + 1, offer.Candidate, offer.Post.Role,
            offer.Employer, offer.IsCompetitors, offer.ValidUntil, by, clock.NowMicros(), yaml);
        await connection.ExecuteAsync(
            Insert,
            [
                kept.Id.Value, kept.Name, kept.Version, kept.Candidate, kept.Role, kept.Employer, kept.IsCompetitors,
                kept.ValidUntil, by, kept.MadeAt, yaml,
            ], ct);
        await transaction.CommitAsync(ct);
        return (kept, true);
    }

    private static StoredOffer OfferOf(Row row) => new(
        row.Id<OfferId>("offer_id"), row.Text("name"), row.Int4("version"), row.Text("candidate"), row.Text("role"),
        row.Text("employer"), row.Bool("is_competitor"), row.Date("valid_until"), row.Text("made_by"),
        row.Instant("made_at"), row.Text("yaml"));
}
