using Guerdon.Kernel;
using Guerdon.Storage;
using Guerdon.Pricing.Costing;
using Npgsql;

namespace Guerdon.Pricing.Book;

/// <summary>Puts the shipped price list, with its fees where an older one had none, and the first token value into the
/// database. Safe to repeat at every start.</summary>
public static class SeedBook
{
    /// <summary>A dollar buys a million tokens, until a later value is set.</summary>
    internal const long FirstTokenValueNanos = 1_000;

    private static readonly DateTimeOffset FirstTokenValueFrom = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string InsertValue = """
        insert into pricing.token_value (effective_from, nanos, source) values ($1, $2, $3)
        on conflict (effective_from) do nothing
        """;

    /// <returns>How many rows were new. Follow with <see cref="PriceBook.ReloadAsync"/>.</returns>
    public static async Task<int> RunAsync(NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var shipped = await PriceList.ReadShippedAsync(clock, ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        var now = clock.NowMicros();
        foreach (var price in shipped)
        {
            batch.BatchCommands.Add(PriceRow.Insert(price));
            if (price.Fees != Fees.None) batch.BatchCommands.Add(PriceRow.AddFees(price, now));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertValue)
        {
            Parameters =
            {
                new() { Value = FirstTokenValueFrom },
                new() { Value = FirstTokenValueNanos },
                new() { Value = "a dollar is a million tokens" },
            },
        });
        var added = await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return added;
    }
}
