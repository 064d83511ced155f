using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Proposals;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Pricing.TokenValue;

/// <summary>
/// Sets what a compute token is worth from an instant on that is not past. Once for an instant: the same value again
/// changes nothing, another is refused. Grants and charges before it keep the value they were made at.
/// </summary>
public static class SetTokenValue
{
    private const string Insert = "insert into pricing.token_value (effective_from, nanos, source) values ($1, $2, $3)";
    private const string Before =
        "select nanos from pricing.v_token_value where effective_from < $1 order by effective_from desc limit 1";

    private const string Find = "select nanos from pricing.v_token_value where effective_from = $1";

    /// <summary>Whether a value can be set, and is new. Until the transaction ends nobody else writes to the book.
    /// </summary>
    /// <param name="at">In a transaction.</param>
    /// <param name="from">Its first instant.</param>
    /// <param name="nanos">Nano-USD for a token, from 1.</param>
    /// <param name="now">What is past.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Whether it is new, or why not.</returns>
    public static async Task<Result<bool>> CheckAsync(
        NpgsqlConnection at, DateTimeOffset from, long nanos, DateTimeOffset now, CancellationToken ct)
    {
        from = from.ToMicros();
        await Locks.InTransactionAsync(at, ProposalStore.BookLock, ct);
        if (await at.ScalarAsync<long?>(Find, [from], ct) is { } before)
            return before == nanos ? false : PricingRefusals.TokenValueTaken.With(
                $"From {Wording.Utc(from)} on a million tokens are worth {OfMillion(before)} USD already, "
                + $"not {OfMillion(nanos)}.");
        return from < now ? PricingRefusals.FromPast.With(
            $"{Wording.Utc(from)} is past; a token value is in effect from an instant after its approval.") : true;
    }

    /// <summary>What a token is worth up to an instant, in nano-USD, as it is stored.</summary>
    /// <param name="at">With the book locked, or to have a look.</param>
    /// <param name="from">The instant.</param>
    /// <param name="ct">Stops it.</param>
    public static Task<long> BeforeAsync(NpgsqlConnection at, DateTimeOffset from, CancellationToken ct) =>
        at.ScalarAsync<long>(Before, [from.ToMicros()], ct);

    /// <summary>Sets it, after <see cref="CheckAsync"/> in the same transaction. Other nodes are told.</summary>
    /// <param name="at">In that transaction.</param>
    /// <param name="from">Its first instant.</param>
    /// <param name="nanos">Nano-USD for a token, from 1.</param>
    /// <param name="source">How it came about, for whoever asks later.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task AddAsync(
        NpgsqlConnection at, DateTimeOffset from, long nanos, string source, CancellationToken ct)
    {
        await at.ExecuteAsync(Insert, [from.ToMicros(), nanos, source], ct);
        await Notify.InTransactionAsync(at, PriceBookWatch.Channel, ct);
    }

    /// <summary>What a million tokens are worth, in USD.</summary>
    public static string OfMillion(long nanosPerToken) => Decimals.Format(nanosPerToken, 3, 2);
}
