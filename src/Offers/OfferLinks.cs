using System.Net;
using System.Security.Cryptography;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>A link as it is listed: never what opens the offer.</summary>
public sealed record OfferLink(
    OfferLinkId Id, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt, string? RevokedBy,
    DateTimeOffset? RevokedAt);

/// <summary>
/// Links that open one version of an offer to whoever has the address. The address carries the link's id, signed and
/// with its end, by the ring that signs sessions; nothing in the database opens an offer, and a link can be revoked.
/// </summary>
public sealed class OfferLinks(IDataProtectionProvider ring, NpgsqlDataSource db, TimeProvider clock)
{
    public const int UsualDays = 14;
    public const int MostDays = 90;
    private const int LongestToken = 500; // ours have about 200 characters
    private const int ReadsPerMinute = 60;

    private const string Insert = """
        insert into compensation.offer_link (link_id, offer_id, made_by, made_at, expires_at)
        values ($1, $2, $3, $4, $5)
        """;

    private const string OfOffer = """
        select link_id, made_by, made_at, expires_at, revoked_by, revoked_at
          from compensation.v_offer_link where offer_id = $1 order by made_at desc limit 200
        """;

    private const string Open =
        "select offer_id from compensation.v_offer_link where link_id = $1 and revoked_at is null and expires_at > $2";

    private const string Revoke = """
        insert into compensation.offer_link_revoked (link_id, revoked_by, revoked_at)
        select link_id, $2, $3 from compensation.offer_link where link_id = $1
        on conflict (link_id) do nothing
        """;

    private const string Known = "select 1 from compensation.v_offer_link where link_id = $1";

    private readonly ITimeLimitedDataProtector _signer =
        ring.CreateProtector("Guerdon.Compensation.OfferLink").ToTimeLimitedDataProtector();

    // Nobody guesses a signature; but whoever tries is not to keep the database busy.
    private readonly Throttle _readers = new(clock, ReadsPerMinute, TimeSpan.FromMinutes(1));

    /// <summary>False where an address has tried more than 60 times within a minute.</summary>
    public bool MayTry(IPAddress? from) => _readers.Take(Throttle.KeyOf(from)) is null;

    /// <summary>Makes a link; the token is in the reply and nowhere else.</summary>
    /// <param name="offer">Whose version it opens.</param>
    /// <param name="days">How long, 1 to 90 days; it ends with the last day of the offer at the latest.</param>
    /// <param name="by">Who made it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<(OfferLink? Link, string Token, Refused? No)> MakeAsync(
        StoredOffer offer, int days, string by, CancellationToken ct)
    {
        if (days is < 1 or > MostDays)
            return (null, "", OfferRefusals.OfferLinkInvalid.With($"{days} days were asked for."));
        if (NotShared(offer) is { } no) return (null, "", no);
        var now = clock.GetUtcNow().ToMicros();
        var over = new DateTimeOffset(offer.ValidUntil.AddDays(1).ToDateTime(default), TimeSpan.Zero);
        if (over <= now)
            return (null, "", OfferRefusals.OfferOver.With(
                $"{offer.Name} was valid until {offer.ValidUntil:yyyy-MM-dd}."));

        var end = now.AddDays(days) < over ? now.AddDays(days) : over;
        var link = new OfferLink(Id.New<OfferLinkId>(clock), by, now, end, null, null);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var insert = Db.Command(connection, Insert, link.Id.Value, offer.Id.Value, by, now, end);
        await insert.ExecuteNonQueryAsync(ct);
        var token = WebEncoders.Base64UrlEncode(_signer.Protect(link.Id.Value.ToByteArray(), end));
        return (link, token, null);
    }

    /// <summary>The offer that a token opens; null for one that is wrong, over or revoked, which look alike.</summary>
    public async Task<StoredOffer?> OpenAsync(string token, CancellationToken ct)
    {
        if (IdIn(token) is not { } link) return null;
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var open = Db.Command(connection, Open, link.Value, clock.GetUtcNow());
        return await open.ExecuteScalarAsync(ct) is Guid id
            ? await OfferStore.FindAsync(db, new OfferId(id).ToString(), ct)
            : null;
    }

    /// <summary>Links to one version, the latest first; at most 200.</summary>
    public async Task<IReadOnlyList<OfferLink>> ListAsync(OfferId offer, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(connection, OfOffer, offer.Value);
        await using var row = await command.ExecuteReaderAsync(ct);
        var links = new List<OfferLink>();
        while (await row.ReadAsync(ct))
            links.Add(new OfferLink(
                new(row.GetGuid(0)), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2),
                row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5)));
        return links;
    }

    /// <summary>Closes a link at once and for good; closing it again changes nothing.</summary>
    /// <returns>False where there is no such link.</returns>
    public async Task<bool> RevokeAsync(OfferLinkId link, string by, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var revoke = Db.Command(connection, Revoke, link.Value, by, clock.GetUtcNow().ToMicros());
        if (await revoke.ExecuteNonQueryAsync(ct) > 0) return true;
        await using var known = Db.Command(connection, Known, link.Value);
        return await known.ExecuteScalarAsync(ct) is not null;
    }

    /// <summary>Why an offer goes to nobody, or null.</summary>
    internal static Refused? NotShared(StoredOffer offer) => offer.IsCompetitors
        ? OfferRefusals.OfferNotOurs.With($"{offer.Name} is {offer.Employer}'s.")
        : null;

    private OfferLinkId? IdIn(string token)
    {
        if (token.Length > LongestToken) return null;
        try
        {
            var id = _signer.Unprotect(WebEncoders.Base64UrlDecode(token));
            return id.Length == 16 ? new OfferLinkId(new Guid(id)) : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
