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
    private const string Find = "select nanos from pricing.v_token_value where effective_from = $1";

    /// <param name="from">Its first instant.</param>
    /// <param name="nanos">Nano-USD for a token, from 1.</param>
    /// <param name="source">How it came about, for whoever asks later.</param>
    /// <param name="db">The database.</param>
    /// <param name="book">Read again, so that this node knows it at once; others are notified.</param>
    /// <param name="clock">What is past.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Whether it is new, or why not.</returns>
    public static async Task<Result<bool>> RunAsync(
        DateTimeOffset from, long nanos, string source, NpgsqlDataSource db, PriceBook book, TimeProvider clock,
        CancellationToken ct)
    {
        from = from.ToMicros();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Locks.InTransactionAsync(connection, ProposalStore.BookLock, ct);
        if (await connection.ScalarAsync<long?>(Find, [from], ct) is { } before)
            return before == nanos ? false : PricingRefusals.TokenValueTaken.With(
                $"From {Wording.Utc(from)} on a million tokens are worth {OfMillion(before)} USD already, "
                + $"not {OfMillion(nanos)}.");
        if (from < clock.GetUtcNow()) return PricingRefusals.FromPast.With($"{Wording.Utc(from)} is past.");

        await connection.ExecuteAsync(Insert, [from, nanos, source], ct);
        await Notify.InTransactionAsync(connection, PriceBookWatch.Channel, ct);
        await transaction.CommitAsync(ct);
        await book.ReloadAsync(ct);
        return true;
    }

    private static string OfMillion(long nanosPerToken) => Decimals.Format(nanosPerToken, 3, 2);
}
