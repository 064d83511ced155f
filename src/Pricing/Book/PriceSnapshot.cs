using System.Collections.Frozen;
using System.Globalization;
using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.Book;

/// <summary>What one compute token is worth from an instant on, in nano-USD.</summary>
internal readonly record struct TokenWorth(DateTimeOffset EffectiveFrom, long Nanos);

/// <summary>The price book and the token values as they were when read. Immutable, so that readers
/// need no lock.</summary>
internal sealed class PriceSnapshot
{
    public static readonly PriceSnapshot Empty = new([], []);

    private readonly FrozenDictionary<string, Price[]> _byModel; // each model's rows, newest first
    private readonly FrozenDictionary<string, Price[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly TokenWorth[] _values; // newest first

    public PriceSnapshot(IEnumerable<Price> prices, IEnumerable<TokenWorth> tokenValues)
    {
        _byModel = prices.GroupBy(p => p.Model).ToFrozenDictionary(
            rows => rows.Key, Price[] (rows) => [.. rows.OrderByDescending(p => p.EffectiveFrom)],
            StringComparer.Ordinal);
        _bySpan = _byModel.GetAlternateLookup<ReadOnlySpan<char>>();
        _values = [.. tokenValues.OrderByDescending(v => v.EffectiveFrom)];
    }

    public FoundPrice? Find(ReadOnlySpan<char> model, ServiceTier tier, DateTimeOffset at)
    {
        if (Own(model, tier, at) is { } own) return new(own, IsExact: true);

        model = Untuned(model);
        if (Own(model, tier, at) is { } tuned) return new(tuned, IsExact: true);

        var undated = Undated(model);
        return undated.Length < model.Length && Own(undated, tier, at) is { } price ? new(price, false) : null;
    }

    private Price? Own(ReadOnlySpan<char> model, ServiceTier tier, DateTimeOffset at) =>
        _bySpan.TryGetValue(model, out var rows) ? InEffect(rows, tier, at) : null;

    public Price? FindRow(Guid id) => _byModel.Values.SelectMany(rows => rows).FirstOrDefault(p => p.Id == id);

    public IReadOnlyList<Price> Current(DateTimeOffset at) =>
    [
        .. _byModel.Values
            .SelectMany(rows => Enum.GetValues<ServiceTier>().Select(tier => InEffect(rows, tier, at))).OfType<Price>()
            .OrderBy(p => p.Provider, StringComparer.Ordinal).ThenBy(p => p.Model, StringComparer.Ordinal)
            .ThenBy(p => p.ServiceTier),
    ];

    public bool HasTokenValueAt(DateTimeOffset at) => _values.Any(value => value.EffectiveFrom <= at);

    public long TokenValueAt(DateTimeOffset at)
    {
        foreach (var value in _values)
            if (value.EffectiveFrom <= at) return value.Nanos;

        throw new InvalidOperationException($"No token value holds at {at:O}; the price book has not been loaded.");
    }

    /// <summary>
    /// The name without a release date or <c>-latest</c> at its end. Nothing looser: a model that merely resembles
    /// another has prices of its own.
    /// </summary>
    internal static ReadOnlySpan<char> Undated(ReadOnlySpan<char> model)
    {
        const string latest = "-latest";
        if (model.EndsWith(latest)) return model[..^latest.Length];

        return model[..(EndsWithDate(model, "-yyyyMMdd") ?? EndsWithDate(model, "-yyyy-MM-dd") ?? model.Length)];
    }

    /// <summary>
    /// What all models tuned from one are priced as: <c>ft:base</c> of <c>ft:base:organisation:name:id</c>. Never the
    /// base itself, which costs less.
    /// </summary>
    internal static ReadOnlySpan<char> Untuned(ReadOnlySpan<char> model)
    {
        const string tuned = "ft:";
        if (!model.StartsWith(tuned)) return model;

        var end = model[tuned.Length..].IndexOf(':');
        return end < 0 ? model : model[..(tuned.Length + end)];
    }

    // How much of the name is left of such a date, or null. Only days that exist count as dates.
    private static int? EndsWithDate(ReadOnlySpan<char> model, string format)
    {
        var start = model.Length - format.Length;
        return start > 0 && DateOnly.TryParseExact(
            model[start..], format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? start : null;
    }

    private static Price? InEffect(Price[] newestFirst, ServiceTier tier, DateTimeOffset at)
    {
        foreach (var price in newestFirst)
            if (price.ServiceTier == tier && price.EffectiveFrom <= at) return price;

        return null;
    }
}
