using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;
using Guerdon.Pricing.TokenValue;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.TokenValue;

/// <summary>What a company used in a period, by model and class, at the prices of two instants.</summary>
/// <param name="Rows">By model and class, those with a quantity.</param>
/// <param name="LeftOut">Models that the book does not price at both instants.</param>
internal sealed record Basket(IReadOnlyList<BasketRow> Rows, IReadOnlyList<string> LeftOut)
{
    private const int Million = 1_000_000;
    private static readonly string Read = Sql.Read("Metering/TokenValue/Basket.sql");

    /// <summary>Usage of one model, of long calls or of the others.</summary>
    internal readonly record struct Used(string Model, bool IsLong, Usage Usage, long Requests);

    public static async Task<IReadOnlyList<Used>> UsedAsync(
        NpgsqlDataSource db, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        await db.ReadAsync(Read, UsedOf, [from, to], ct);

    private static Used UsedOf(Row row) => new(
        row.Text("model"), row.Bool("is_long"), UsageColumns.WithMedia(row), row.Bigint("requests"));

    /// <param name="used">Of the base period.</param>
    /// <param name="before">A model's price in the base period.</param>
    /// <param name="now">A model's price in the period that is calibrated.</param>
    public static Basket Of(IReadOnlyList<Used> used, Func<string, Price?> before, Func<string, Price?> now)
    {
        var (rows, leftOut) = (new List<BasketRow>(), new List<string>());
        foreach (var u in used)
        {
            if (before(u.Model) is { } old && now(u.Model) is { } current) rows.AddRange(RowsOf(u, old, current));
            else leftOut.Add(u.Model);
        }

        return new(rows, [.. leftOut.Distinct()]);
    }

    // A model without a threshold (any more) charges long calls as all others, so theirs are added to those.
    private static IEnumerable<BasketRow> RowsOf(Used used, Price old, Price current)
    {
        var prefix = used.IsLong ? "long " : "";
        var (a, b) = used.IsLong ? (old.Tier ?? old.Base, current.Tier ?? current.Base) : (old.Base, current.Base);
        var usage = used.Usage;
        IEnumerable<(string Class, long Quantity, long Old, long New)> all =
        [
            ("input", usage.TextInput, a.Input, b.Input),
            ("cached input", usage.CachedInput, a.CachedInput, b.CachedInput),
            ("cache write 5m", usage.CacheWrite5m, a.CacheWrite5m, b.CacheWrite5m),
            ("cache write 1h", usage.CacheWrite1h, a.CacheWrite1h, b.CacheWrite1h),
            ("output", usage.TextOutput, a.Output, b.Output),
            Media("audio input", Guerdon.Pricing.Costing.Media.AudioInput, usage.AudioInput, a.Input, b.Input),
            Media("image input", Guerdon.Pricing.Costing.Media.ImageInput, usage.ImageInput, a.Input, b.Input),
            Media("audio output", Guerdon.Pricing.Costing.Media.AudioOutput, usage.AudioOutput, a.Output, b.Output),
            Media("image output", Guerdon.Pricing.Costing.Media.ImageOutput, usage.ImageOutput, a.Output, b.Output),
        ];
        var rows = all.Where(c => c.Quantity > 0)
            .Select(c => new BasketRow(used.Model, prefix + c.Class, c.Quantity, c.Old, c.New));
        var fees = (Old: old.PerRequest.Nanos, New: current.PerRequest.Nanos);
        return fees is (0, 0) ? rows : rows.Append(new(
            used.Model, prefix + "request", used.Requests, checked(fees.Old * Million), checked(fees.New * Million)));

        (string, long, long, long) Media(string name, Media kind, long quantity, long oldText, long newText) =>
            (name, quantity, old.Base.Of(kind) ?? oldText, current.Base.Of(kind) ?? newText);
    }
}
