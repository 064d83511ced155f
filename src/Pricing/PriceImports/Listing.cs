using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.PriceImports;

/// <summary>Models of a file that are not taken, for one reason.</summary>
/// <param name="Reason">Why, as people read it.</param>
/// <param name="Count">How many.</param>
/// <param name="Examples">The first few of them, by name.</param>
internal sealed record Skip(string Reason, int Count, IReadOnlyList<string> Examples);

/// <summary>
/// What a file of prices says: prices that can be taken, models that cannot and why, and everything that is wrong with
/// it. A price here has no id and no date yet. Bounded, whatever the file holds.
/// </summary>
internal sealed class Listing
{
    public const int MaxPrices = 5_000;
    private const int MaxErrors = 10_000;
    private const int MaxReasons = 50;
    private const int MaxExamples = 5;
    private const string OtherReasons = "for other reasons";

    private readonly Dictionary<(string Model, ServiceTier Tier), (Price Price, string Key)> _prices = [];
    private readonly Dictionary<string, (int Count, List<string> Examples)> _skips = new(StringComparer.Ordinal);
    private readonly List<RowError> _errors = [];

    /// <summary>By model and tier.</summary>
    public IReadOnlyList<Price> Prices =>
    [
        .. _prices.Values.Select(p => p.Price)
            .OrderBy(p => p.Model, StringComparer.Ordinal).ThenBy(p => p.ServiceTier),
    ];

    /// <summary>The reason that most models have comes first.</summary>
    public IReadOnlyList<Skip> Skips =>
    [
        .. _skips.Select(s => new Skip(s.Key, s.Value.Count, s.Value.Examples))
            .OrderByDescending(s => s.Count).ThenBy(s => s.Reason, StringComparer.Ordinal),
    ];

    /// <summary>The first ten thousand, in the order of the file.</summary>
    public IReadOnlyList<RowError> Errors => _errors;

    public int ErrorCount { get; private set; }

    /// <summary>How a CSV was read; null for other formats.</summary>
    public string? ReadAs { get; set; }

    /// <summary>Takes a price. A model that the file has under two names is taken once, by the plainer name.</summary>
    /// <param name="price">Under the name that callers use.</param>
    /// <param name="key">The name that the file has.</param>
    /// <param name="line">Where it stands.</param>
    public void Add(Price price, string key, int line)
    {
        var known = (price.Model, price.ServiceTier);
        if (_prices.TryGetValue(known, out var had))
        {
            if (had.Key == key) Wrong(line, key, "The model stands in the file twice.");
            else Skip("named twice; the plainer name is taken", had.Key.Length <= key.Length ? key : had.Key);
            if (had.Key.Length <= key.Length) return;
        }

        if (_prices.Count == MaxPrices && !_prices.ContainsKey(known))
            Wrong(line, null, $"The file has more than {MaxPrices:#,0} prices.");
        else _prices[known] = (price, key);
    }

    public void Skip(string reason, string model)
    {
        if (_skips.Count >= MaxReasons && !_skips.ContainsKey(reason)) reason = OtherReasons;
        var (count, examples) = _skips.GetValueOrDefault(reason, (0, []));
        if (examples.Count < MaxExamples) examples.Add(model);
        _skips[reason] = (count + 1, examples);
    }

    public void Wrong(int line, string? column, string reason)
    {
        ErrorCount++;
        if (_errors.Count < MaxErrors) _errors.Add(new RowError(line, column, reason));
    }
}
