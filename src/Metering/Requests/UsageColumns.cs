using Guerdon.Pricing.Costing;
using Guerdon.Storage;

namespace Guerdon.Metering.Requests;

/// <summary>Usage from a row that has a column for each class.</summary>
internal static class UsageColumns
{
    /// <summary>Tokens of the five classes that reports tell apart.</summary>
    /// <param name="row">What has a column for each.</param>
    /// <param name="prefix">Begins their names.</param>
    public static Usage Of(Row row, string prefix = "") => new()
    {
        Input = row.Bigint(prefix + "input"), CachedInput = row.Bigint(prefix + "cached_input"),
        CacheWrite5m = row.Bigint(prefix + "cache_write_5m"), CacheWrite1h = row.Bigint(prefix + "cache_write_1h"),
        Output = row.Bigint(prefix + "output"),
    };

    /// <summary>The same with what of input and output is audio or pictures.</summary>
    public static Usage WithMedia(Row row) => Of(row) with
    {
        AudioInput = row.Bigint("audio_input"),
        ImageInput = row.Bigint("image_input"),
        AudioOutput = row.Bigint("audio_output"),
        ImageOutput = row.Bigint("image_output"),
    };
}
