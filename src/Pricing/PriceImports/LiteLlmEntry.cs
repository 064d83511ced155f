using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.PriceImports;

/// <summary>
/// One model of LiteLLM's list: a price, a reason why it is none for us, or errors at its members. Of a model that is
/// none for us nothing is checked.
/// </summary>
internal sealed class LiteLlmEntry(Listing listing, string source, Func<string, Price?> current)
{
    private const int MaxNameLength = 200;
    private const int UsdPerTokenScale = 15; // nano-USD (9) for a million (6) tokens
    private const int FeeScale = 9; // nano-USD
    private static readonly string[] Priced =
    [
        LiteLlmNames.Input, LiteLlmNames.Output, LiteLlmNames.CachedInput, LiteLlmNames.CacheWrite5m,
        LiteLlmNames.CacheWrite1h,
    ];

    /// <summary>A member that is neither an object nor a list: its text as the file has it, and where.</summary>
    private readonly record struct Member(JsonTokenType Type, string Text, TextPlace Place);

    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly List<string> _searchSizes = []; // members of the current entry
    private string _key = ""; // the current entry
    private bool _isGood, _isTooFine;

    /// <param name="model">The name that the file has.</param>
    /// <param name="json">Its value, whole.</param>
    /// <param name="place">Where the value begins.</param>
    public void Read(string model, ReadOnlySpan<byte> json, TextPlace place)
    {
        (_key, _isGood, _isTooFine) = (model, true, false);
        _members.Clear();
        _searchSizes.Clear();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Wrong(place, null, "is not an object with the model's prices");
            return;
        }

        ReadMembers(ref reader, json, place);
        var provider = Text(LiteLlmNames.Provider);
        var ours = provider is null ? null : LiteLlmNames.ProviderOf(provider);
        var name = provider is null ? model : LiteLlmNames.ModelOf(model, provider);
        if (WhyNot(name, ours) is { } reason) listing.Skip(reason, model);
        else Take(name, ours!, place);
    }

    // Of nested values only what searches cost is a price; it is noted by its own names.
    private void ReadMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TextPlace place)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var at = (int)reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.StartObject && name == LiteLlmNames.SearchCosts)
                ReadSearchCosts(ref reader, json, place);
            else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            else if (reader.TokenType != JsonTokenType.Null)
                _members[name] = new(reader.TokenType, TextOf(ref reader), place.After(json[..at]));
        }
    }

    private void ReadSearchCosts(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TextPlace place)
    {
        _searchSizes.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = $"{LiteLlmNames.SearchCosts}.{reader.GetString()}";
            reader.Read();
            var at = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            else if (reader.TokenType != JsonTokenType.Null)
            {
                _members[name] = new(reader.TokenType, TextOf(ref reader), place.After(json[..at]));
                _searchSizes.Add(name);
            }
        }
    }

    private static string TextOf(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        ? reader.GetString()! : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);

    private string? WhyNot(string name, string? provider)
    {
        if (_key == "sample_spec") return "the layout's own sample";
        if (provider is null) return "a provider that the book does not have";
        if (Text(LiteLlmNames.Mode) is not { } mode) return "no mode";
        var isPictures = LiteLlmNames.IsPictures(mode) && _members.ContainsKey(LiteLlmNames.ImageOutput);
        if (!LiteLlmNames.IsText(mode) && !isPictures)
            return $"mode {(mode.Length > 40 ? mode[..40] : mode)}, not text";
        return WhyNotNamed(name) ?? WhyNotPriced(isPictures);
    }

    private static string? WhyNotNamed(string name)
    {
        if (name.Contains('/')) return "a route, region or speed of its own";
        return name.Length is 0 or > MaxNameLength || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? "a name that no call can use"
            : null;
    }

    private string? WhyNotPriced(bool isPictures)
    {
        // A model that only makes pictures has a price for those, and perhaps none for text that it writes.
        if (!_members.ContainsKey(LiteLlmNames.Input) || !(_members.TryGetValue(LiteLlmNames.Output, out var output)
            || (isPictures && _members.TryGetValue(LiteLlmNames.ImageOutput, out output))))
            return "not priced by input and output tokens";
        return _members.TryGetValue(LiteLlmNames.Reasoning, out var reasoning) && !IsSame(reasoning, output)
            ? "reasoning has a price of its own"
            : null;
    }

    // Compared as numbers, since 1e-05 is 0.00001. Text that is not a number is reported only when the price is read.
    private static bool IsSame(Member a, Member b) => a.Text == b.Text
        || (ExactDecimal.Read(a.Text, UsdPerTokenScale, out var x) == Exactness.Exact
            && ExactDecimal.Read(b.Text, UsdPerTokenScale, out var y) == Exactness.Exact && x == y);

    private void Take(string name, string provider, TextPlace place)
    {
        var thresholds = _members.Keys
            .Where(m => LiteLlmNames.ThresholdOf(m) is { } t && Priced.Any(p => LiteLlmNames.Above(p, t) == m))
            .Select(m => LiteLlmNames.ThresholdOf(m)!.Value).Distinct().ToList();
        var below = Rates(m => m == LiteLlmNames.Output && !_members.ContainsKey(m) ? LiteLlmNames.ImageOutput : m);
        var above = thresholds is [var over] ? Rates(m => LiteLlmNames.Above(m, over)) : null;
        var (audioIn, imageIn) = (Rate(LiteLlmNames.AudioInput), Rate(LiteLlmNames.ImageInput));
        var (audioOut, imageOut) = (Rate(LiteLlmNames.AudioOutput), Rate(LiteLlmNames.ImageOutput));
        var known = current(name);
        var context = Whole(LiteLlmNames.Window) ?? Whole(LiteLlmNames.MaxTokens) ?? known?.ContextTokens;
        var output = Whole(LiteLlmNames.MaxOutput) ?? known?.MaxOutputTokens ?? context;
        var fees = Fees(provider, name, known);
        var tiers = below is { } standard ? Tiers(standard.Filled(), thresholds) : [];
        if (!_isGood) return;

        if (_isTooFine) listing.Skip("a price finer than a nano-USD per million tokens", _key);
        else if (thresholds.Count > 1) listing.Skip("more than one long-context threshold", _key);
        else if (thresholds.Count == 1 && above is null) listing.Skip("long-context prices with a part missing", _key);
        else if (context is null) listing.Skip("no context window", _key);
        else
        {
            var rates = below!.Value.Filled() with
            {
                AudioInput = audioIn,
                ImageInput = imageIn,
                AudioOutput = audioOut,
                ImageOutput = imageOut,
            };
            var price = new Price(
                Guid.Empty, name, provider, default, rates, above is null ? null : thresholds[0],
                above?.FilledAbove(rates), context.Value, output!.Value, Usd.Zero, source)
            {
                Training = known?.Training, Fees = fees, // of training the list says nothing
            };
            listing.Add(price, _key, place.Line);
            foreach (var (tier, usual, longer) in tiers)
                listing.Add(
                    price with
                    {
                        ServiceTier = tier,
                        Base = usual,
                        Tier = longer,
                        Training = null,
                        TierOver = longer is null ? null : price.TierOver,
                    },
                    _key, place.Line);
        }
    }

    // A tier must have input and output; what it leaves out follows its input, as above a threshold.
    private List<(ServiceTier Tier, Rates Base, Rates? Above)> Tiers(Rates standard, List<long> thresholds)
    {
        var tiers = new List<(ServiceTier, Rates, Rates?)>();
        var wasTooFine = _isTooFine;
        foreach (var (tier, ending) in LiteLlmNames.Tiers)
        {
            _isTooFine = false;
            var own = Rates(member => member + ending);
            var above = thresholds is [var over] ? Rates(member => LiteLlmNames.Above(member, over) + ending) : null;
            if (_isTooFine) listing.Skip("a tier finer than a nano-USD per million tokens", $"{_key} ({tier})");
            else if (own?.FilledAbove(standard) is { } filled) tiers.Add((tier, filled, above?.FilledAbove(filled)));
        }

        _isTooFine = wasTooFine;
        return tiers;
    }

    // Sizes of a search may have fees of their own. The most expensive counts, since records cannot tell sizes apart.
    private Fees Fees(string provider, string name, Price? known)
    {
        long? search = null;
        foreach (var size in _searchSizes)
            if (Number(size, FeeScale, "USD for a search") is { } fee) search = Math.Max(search ?? 0, fee);
        var isByPrompt = LiteLlmNames.IsGroundedByPrompt(provider, name);
        var files = Number(LiteLlmNames.FileSearchPer1K, FeeScale + 3, "USD for a thousand searches");
        var was = known?.Fees ?? Costing.Fees.None; // a list that leaves a fee out leaves it as it is
        return was with
        {
            WebSearch = isByPrompt ? was.WebSearch : search ?? was.WebSearch,
            GroundedPrompt = isByPrompt ? search ?? was.GroundedPrompt : was.GroundedPrompt,
            FileSearch = files is { } thousand ? CeilDiv(thousand, 1_000_000) : was.FileSearch,
            CodeExecution = Number(LiteLlmNames.CodePerSession, FeeScale, "USD for a container") ?? was.CodeExecution,
        };
    }

    private static long CeilDiv(long value, long by) => (value + by - 1) / by;

    // Null where input or output is missing. All are read, so that every error is found.
    private RatesRead? Rates(Func<string, string> named)
    {
        long?[] rates = [.. Priced.Select(member => Rate(named(member)))];
        return rates is [{ } input, { } output, var cached, var write5m, var write1h]
            ? new(input, cached, write5m, write1h, output)
            : null;
    }

    private long? Rate(string member) => Number(member, UsdPerTokenScale, "USD per token");

    // A window of 0 stands for one that the list does not know, so it must not count as a number.
    private long? Whole(string member) => Number(member, 0, "tokens") is { } tokens and > 0 ? tokens : null;

    private long? Number(string member, int scale, string unit)
    {
        if (!_members.TryGetValue(member, out var found)) return null;
        var isNumber = found.Type == JsonTokenType.Number;
        switch (isNumber ? ExactDecimal.Read(found.Text, scale, out var value) : Fail(out value))
        {
            case Exactness.Exact: return value;
            case Exactness.TooFine when scale > 0:
                _isTooFine = true;
                return 0;
            case Exactness.TooLarge: return Wrong(found.Place, member, $"is {found.Text}, too large for {unit}");
            default:
                var text = found.Text.Length > 40 ? found.Text[..40] + "…" : found.Text;
                return Wrong(
                    found.Place, member, $"is {(isNumber ? text : $"'{text}'")}, not a number of {unit} from 0");
        }
    }

    private static Exactness Fail(out long value)
    {
        value = 0;
        return Exactness.NoNumber;
    }

    private string? Text(string member) =>
        _members.TryGetValue(member, out var found) && found.Type == JsonTokenType.String ? found.Text : null;

    private long? Wrong(TextPlace place, string? member, string reason)
    {
        _isGood = false;
        var column = member is null ? _key : $"{_key}.{member}";
        listing.Wrong(place.Line, column, $"{reason} (at character {place.Column}).");
        return null;
    }
}
