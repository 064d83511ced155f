using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Pricing.Book;

/// <summary>A row of the book on its way into the database.</summary>
internal static class PriceRow
{
    private static readonly string InsertPrice = Sql.Read("Pricing/Book/InsertPrice.sql");

    private static readonly string AddFeesSql = Sql.Read("Pricing/Book/AddFees.sql");

    /// <summary>Adds the shipped fees to a shipped row from before there were any, as a row from now on.</summary>
    public static NpgsqlBatchCommand AddFees(Price shipped, DateTimeOffset now)
    {
        var fees = shipped.Fees;
        return Db.InBatch(
            AddFeesSql,
            Guid.CreateVersion7(now), shipped.Model, now, shipped.Source, fees.WebSearch, fees.WebFetch,
            fees.FileSearch, fees.CodeExecution, fees.GroundedPrompt, shipped.EffectiveFrom);
    }

    /// <summary>Inserts it, unless the book has this model and tier from this instant already.</summary>
    public static NpgsqlBatchCommand Insert(Price price) => Db.InBatch(
        InsertPrice,
        price.Id, price.Model, price.Provider, price.EffectiveFrom,
        price.Base.Input, price.Base.CachedInput, price.Base.CacheWrite5m, price.Base.CacheWrite1h, price.Base.Output,
        price.TierOver, price.Tier?.Input, price.Tier?.CachedInput, price.Tier?.CacheWrite5m, price.Tier?.CacheWrite1h,
        price.Tier?.Output,
        price.ContextTokens, price.MaxOutputTokens, price.PerRequest.Nanos, price.Source, price.Training,
        price.Base.AudioInput, price.Base.ImageInput, price.Base.AudioOutput, price.Base.ImageOutput,
        (short)price.ServiceTier, price.Fees.WebSearch, price.Fees.WebFetch, price.Fees.CodeExecution,
        price.Fees.FileSearch, price.Fees.GroundedPrompt, price.Fees.MapsPrompt, price.Fees.ImageGeneration);
}
