using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.PriceImports;

/// <summary>
/// Prices as CSV, in USD per million tokens, and fees in USD for each use: the layout of the shipped list. Read in
/// full; every error is collected.
/// </summary>
internal sealed class CsvPrices
{
    private const int NanoScale = 9;
    private const int MaxNameLength = 200;

    private static readonly string[] Required = ["model", "provider", "input", "output", "context_tokens"];

    private static readonly string[] Optional =
    [
        "cached_input", "cache_write_5m", "cache_write_1h", "max_output_tokens", "tier_over", "tier_input",
        "tier_cached_input", "tier_cache_write_5m", "tier_cache_write_1h", "tier_output", "per_request", "training",
        "source", "comment", "audio_input", "image_input", "audio_output", "image_output", "service_tier", "web_search",
        "web_fetch", "code_execution", "file_search", "grounded_prompt", "maps_prompt", "image_generation",
    ];

    internal static readonly CsvColumns Columns = new("price list", Required, Optional);

    private readonly Listing _listing = new();
    private readonly string _source;
    private readonly Func<string, ServiceTier, Price?>? _current;
    private CsvFile _csv = null!; // set by the one method that makes an instance
    private bool _isGood; // the current row, so far

    private CsvPrices(string source, Func<string, ServiceTier, Price?>? current) =>
        (_source, _current) = (source, current);

    /// <param name="text">With a header; its form is recognised.</param>
    /// <param name="source">Where rows are from that do not say.</param>
    /// <param name="current">The book's row of a model and tier: a file without a tool's column leaves its fee as it
    /// is. Null: there is no book.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Listing> ReadAsync(
        Stream text, string source, Func<string, ServiceTier, Price?>? current, CancellationToken ct)
    {
        var file = new CsvPrices(source, current);
        await using var rows = file._csv = await CsvFile.OpenAsync(text, Columns, file.Wrong, ct);
        file._listing.ReadAs = rows.ReadAs;
        while (await rows.ReadAsync(ct)) file.Row();
        return file._listing;
    }

    private void Wrong(RowError error) => _listing.Wrong(error.Line, error.Column, error.Reason);

    private void Row()
    {
        _isGood = true;
        var (model, provider) = (Name("model"), Name("provider"));
        var below = Rates("").Filled() with
        {
            AudioInput = Number("audio_input", NanoScale),
            ImageInput = Number("image_input", NanoScale),
            AudioOutput = Number("audio_output", NanoScale),
            ImageOutput = Number("image_output", NanoScale),
        };
        var over = Positive("tier_over");
        var above = over is null ? (Rates?)null : Rates("tier_").FilledAbove(below);
        var context = Positive("context_tokens");
        if (context is null && _isGood) Wrong("context_tokens", "is blank");
        var output = Positive("max_output_tokens") ?? context ?? 0;
        var fee = new Usd(Number("per_request", NanoScale) ?? 0);
        var training = Number("training", NanoScale);
        var tier = Tier();
        var fees = Fees(_current?.Invoke(model, tier)?.Fees ?? Costing.Fees.None);
        if (_isGood)
            _listing.Add(
                new Price(Guid.Empty, model, provider, default, below, over, above, context ?? 0, output, fee,
                    Cell("source") is { Length: > 0 } own ? own : _source)
                {
                    Training = training, ServiceTier = tier, Fees = fees,
                },
                model, _csv.Line);
    }

    private ServiceTier Tier()
    {
        var cell = Cell("service_tier");
        if (cell.Length == 0) return ServiceTier.Standard;
        foreach (var tier in Enum.GetValues<ServiceTier>())
            if (cell.Equals($"{tier}", StringComparison.OrdinalIgnoreCase)) return tier;

        var known = string.Join(", ", Enum.GetValues<ServiceTier>()).ToLowerInvariant();
        Wrong("service_tier", $"is '{cell}', which is none of {known}");
        return ServiceTier.Standard;
    }

    // USD for each use. A blank cell says that the tool is not priced; only a missing column leaves the fee as it was.
    private Fees Fees(Fees was) => new()
    {
        WebSearch = Fee("web_search", was.WebSearch), WebFetch = Fee("web_fetch", was.WebFetch),
        CodeExecution = Fee("code_execution", was.CodeExecution), FileSearch = Fee("file_search", was.FileSearch),
        GroundedPrompt = Fee("grounded_prompt", was.GroundedPrompt), MapsPrompt = Fee("maps_prompt", was.MapsPrompt),
        ImageGeneration = Fee("image_generation", was.ImageGeneration),
    };

    private long? Fee(string column, long? was) => _csv.Has(column) ? Number(column, NanoScale) : was;

    private RatesRead Rates(string prefix) => new(
        Rate(prefix + "input"), Number(prefix + "cached_input", NanoScale),
        Number(prefix + "cache_write_5m", NanoScale), Number(prefix + "cache_write_1h", NanoScale),
        Rate(prefix + "output"));

    private string Name(string column)
    {
        var name = Cell(column);
        if (name.Length is 0 or > MaxNameLength || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            Wrong(column, $"needs 1 to {MaxNameLength} characters without spaces");
        return name;
    }

    private long Rate(string column)
    {
        if (Number(column, NanoScale) is { } rate) return rate;
        if (Cell(column).Length == 0) Wrong(column, "is blank");
        return 0;
    }

    private long? Positive(string column)
    {
        var number = Number(column, 0);
        if (number == 0) Wrong(column, "is '0', not a number of tokens");
        return number;
    }

    private long? Number(string column, int scale)
    {
        var cell = Cell(column);
        if (cell.Length == 0) return null;
        if (Decimals.TryParse(cell, scale, out var value) && value >= 0) return value;

        Wrong(column, $"is '{cell}', not a decimal from 0 with at most {scale} decimals");
        return null;
    }

    private string Cell(string column) => _csv[column];

    private void Wrong(string column, string reason)
    {
        _isGood = false;
        _listing.Wrong(_csv.Line, column, $"{reason}.");
    }
}
