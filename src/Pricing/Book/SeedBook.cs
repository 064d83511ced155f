using Npgsql;
using Stipend.Kernel;

namespace Stipend.Pricing;

/// <summary>Puts the shipped price list and the first token value into the database. Safe to repeat at every
/// start.</summary>
public static class SeedBook
{
    /// <summary>A dollar buys a million tokens, until a later value is set.</summary>
    internal const long FirstTokenValueNanos = 1_000;

    private static readonly DateTimeOffset FirstTokenValueFrom = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string InsertPrice = Sql.Read("Pricing/Book/InsertPrice.sql");

    private const string InsertValue = """
        insert into pricing.token_value (effective_from, nanos, source) values ($1, $2, $3)
        on conflict (effective_from) do nothing
        """;

    /// <returns>How many rows were new. Follow with <see cref="PriceBook.ReloadAsync"/>.</returns>
    public static async Task<int> RunAsync(NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var price in PriceList.ReadShipped(clock)) batch.BatchCommands.Add(Insert(price));
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

    private static NpgsqlBatchCommand Insert(Price price)
    {
        var command = new NpgsqlBatchCommand(InsertPrice);
        object?[] values =
        [
            price.Id, price.Model, price.Provider, price.EffectiveFrom,
            price.Base.Input, price.Base.CachedInput, price.Base.CacheWrite5m, price.Base.CacheWrite1h,
            price.Base.Output,
            price.TierOver, price.Tier?.Input, price.Tier?.CachedInput, price.Tier?.CacheWrite5m,
            price.Tier?.CacheWrite1h, price.Tier?.Output,
            price.ContextTokens, price.MaxOutputTokens, price.PerRequest.Nanos, price.Source,
        ];
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
