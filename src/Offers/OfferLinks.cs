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

    // Nobody guesses a signature, but whoever tries must not keep the database busy.
    private readonly Throttle _readers = new(clock, ReadsPerMinute, TimeSpan.FromMinutes(1));

    /// <summary>False where an address has tried more than 60 times within a minute.</summary>
    public bool MayTry(IPAddress? from) => _readers.Take(Throttle.KeyOf(from)) is null;

    /// <summary>Makes a link; the token is in the reply and nowhere else.</summary>
    /// <param name="offer">Whose version it opens.</param>
    /// <param name="days">How long, 1 to 90 days; it ends with the last day of the offer at the latest.</param>
    /// <param name="by">Who made it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<(OfferLink Link, string Token)>> MakeAsync(
        StoredOffer offer, int days, string by, CancellationToken ct)
    {
        if (days is < 1 or > MostDays)
            return OfferRefusals.OfferLinkInvalid.With($"{days} days were asked for.");
        if (NotShared(offer) is { } no) return no;
        var now = clock.NowMicros();
        var over = new DateTimeOffset(offer.ValidUntil.AddDays(1).ToDateTime(default), TimeSpan.Zero);
        if (over <= now)
            return OfferRefusals.OfferOver.With($"{offer.Name} was valid until {offer.ValidUntil:yyyy-MM-dd}.");

        var end = now.AddDays(days) < over ? now.AddDays(days) : over;
        var link = new OfferLink(Id.New<OfferLinkId>(clock), by, now, end, null, null);
        await db.ExecuteAsync(Insert, [link.Id.Value, offer.Id.Value, by, now, end], ct);
        var token = WebEncoders.Base64UrlEncode(_signer.Protect(link.Id.Value.ToByteArray(), end));
        return (link, token);
    }

    /// <summary>The offer that a token opens; null for one that is wrong, over or revoked, which look alike.</summary>
    public async Task<StoredOffer?> OpenAsync(string token, CancellationToken ct)
    {
        if (IdIn(token) is not { } link) return null;
        return await db.ScalarAsync<Guid?>(Open, [link.Value, clock.GetUtcNow()], ct) is { } id
            ? await OfferStore.FindAsync(db, new OfferId(id).ToString(), ct)
            : null;
    }

    /// <summary>Links to one version, the latest first; at most 200.</summary>
    public async Task<IReadOnlyList<OfferLink>> ListAsync(OfferId offer, CancellationToken ct) =>
        await db.ReadAsync(
            OfOffer,
            row => new OfferLink(
                row.Id<OfferLinkId>("link_id"), row.Text("made_by"), row.Instant("made_at"),
                row.Instant("expires_at"), row.TextOrNull("revoked_by"), row.InstantOrNull("revoked_at")),
            [offer.Value], ct);

    /// <summary>Closes a link at once and for good; closing it again changes nothing.</summary>
    /// <returns>False where there is no such link.</returns>
    public async Task<bool> RevokeAsync(OfferLinkId link, string by, CancellationToken ct)
    {
        return await db.ExecuteAsync(Revoke, [link.Value, by, clock.NowMicros()], ct) > 0
            || await db.ScalarAsync<int?>(Known, [link.Value], ct) is not null;
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
