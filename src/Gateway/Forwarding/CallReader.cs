using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Stipend.Kernel;
using Stipend.Pricing;

namespace Stipend.Gateway;

/// <summary>Reads a request's body in one pass, with no copy and no tree.</summary>
/// <remarks>
/// What it cannot read with certainty it refuses, because a misread cap or model would hold too little. A repeated
/// member is refused for that reason: providers take the last, some parsers the first.
/// </remarks>
internal ref struct CallReader
{
    // Tool schemas nest deeper than the reader's default of 64.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    private readonly MemberName[] _members;
    private Utf8JsonReader _json;
    private CallFacts _facts;
    private Place _name;
    private int _lead;
    private uint _seen;

    private CallReader(Api api, ReadOnlySpan<byte> body)
    {
        _json = new Utf8JsonReader(body, Options);
        _facts = new CallFacts { Api = api, Model = "", Choices = 1, BodyBytes = body.Length };
        _members = api.Members;
        if (api == Api.Images) _facts.Asked = Media.ImageOutput;
    }

    /// <summary>Reads the body; on false <paramref name="refused"/> says what is wrong and at which byte.</summary>
    public static bool TryRead(
        Api api, ReadOnlySpan<byte> body, out CallFacts facts, [NotNullWhen(false)] out Refused? refused)
    {
        var reader = new CallReader(api, body);
        try
        {
            refused = reader.Root();
        }
        catch (JsonException e)
        {
            refused = GatewayRefusals.MalformedBody.With(
                $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of it.");
        }

        facts = reader._facts;
        return refused is null;
    }

    private Refused? Root()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject) return Wrong("The body", "a JSON object");

        _facts.InsertAt = (int)_json.TokenStartIndex + 1;
        while (NextMember())
        {
            var name = Find();
            _name = new Place((int)_json.TokenStartIndex, _json.ValueSpan.Length + 2);
            _json.Read();
            if (name is null)
            {
                _json.Skip();
                continue;
            }

            var bit = 1u << (int)name.Member;
            if ((_seen & bit) != 0) return Malformed($"'{name.Text}' is given twice, again");
            _seen |= bit;
            if (Take(name) is { } refused) return refused;
        }

        _json.Read(); // Nothing may follow the object; the reader throws where something does.
        return Missing();
    }

    private bool NextMember()
    {
        _lead = (int)_json.BytesConsumed;
        return _json.Read() && _json.TokenType == JsonTokenType.PropertyName;
    }

    private Refused? Missing()
    {
        if (!Seen(Member.Model)) return GatewayRefusals.MalformedBody.With("The body has no 'model'.");
        if (Seen(Member.Content)) return null;
        // A Responses call may take all its input from a stored prompt or conversation.
        if (_facts.Api is Api.Responses or Api.Compact && _facts.ReadsBeyondBody) return null;
        var content = _facts.Api is Api.Responses or Api.Compact or Api.Embeddings ? "input"
            : _facts.Api == Api.Images ? "prompt" : "messages";
        return GatewayRefusals.MalformedBody.With($"The body has no '{content}'.");
    }

    private readonly bool Seen(Member member) => (_seen & (1u << (int)member)) != 0;

    private readonly MemberName? Find()
    {
        foreach (var name in _members)
        {
            if (_json.ValueTextEquals(name.Utf8)) return name; // also where the caller wrote it with \u escapes
        }

        return null;
    }

    private Refused? Take(MemberName name)
    {
        switch (name.Member)
        {
            case Member.Model: return TakeModel();
            case Member.Content: return TakeContent(name);
            case Member.System: ContentScan.Content(ref _json, ref _facts); return null;
            case Member.Tools or Member.Functions: return TakeTools(name);
            case Member.StreamOptions: return TakeStreamOptions();
            case Member.Thinking: return TakeThinking();
            case Member.Choices: return TakeChoices();
            case Member.ServiceTier or Member.Speed or Member.Geography: return TakePriceOption(name);

            case Member.Modalities: return TakeModalities();
            case Member.PartialImages: return TakePartialImages();

            case Member.Audio: // how it is to sound, which only spoken answers need
                if (_json.TokenType != JsonTokenType.Null) _facts.Asked |= Media.AudioOutput;
                _json.Skip();
                return null;

            case Member.Stream:
                var refused = Bool(name.Text, out var stream);
                _facts.Stream = stream;
                return refused is null && stream && _facts.Api == Api.Images
                    ? GatewayRefusals.Unmetered.With("'stream' of pictures is not read for its usage.")
                    : refused;

            case Member.Background:
                if (Bool(name.Text, out var background) is { } wrong) return wrong;
                return background
                    ? GatewayRefusals.Unmetered.With("'background' answers before the model has worked.")
                    : null;

            case Member.Cap:
                refused = Cap(name.Text, out var cap);
                _facts.Cap = cap;
                return refused;

            case Member.OldCap:
                refused = Cap(name.Text, out var oldCap);
                _facts.OldCap = oldCap;
                return refused;

            default:
                var isSet = _json.TokenType != JsonTokenType.Null;
                if (name.Member == Member.CacheControl) _facts.HasCacheControl |= isSet;
                else _facts.ReadsBeyondBody |= isSet;
                _json.Skip();
                return null;
        }
    }

    private Refused? TakeModel()
    {
        if (_json.TokenType != JsonTokenType.String) return Wrong("'model'", "a string");
        var model = _json.ValueIsEscaped ? EscapedModel() : ModelNames.Get(_json.ValueSpan);
        if (model is null) return Wrong("'model'", "a name of 1 to 256 bytes");
        _facts.Model = model;
        return null;
    }

    private readonly string? EscapedModel()
    {
        if (_json.ValueSpan.Length > 512) return null;
        Span<byte> unescaped = stackalloc byte[512];
        try
        {
            return ModelNames.Get(unescaped[.._json.CopyString(unescaped)]);
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair, or bytes that are no UTF-8
        }
    }

    private Refused? TakeContent(MemberName name)
    {
        var type = _json.TokenType;
        if (_facts.Api == Api.Images)
            return type == JsonTokenType.String ? null : Wrong($"'{name.Text}'", "a string");
        var stringAllowed = _facts.Api is Api.Responses or Api.Compact or Api.Embeddings;
        if (type != JsonTokenType.StartArray && !(stringAllowed && type == JsonTokenType.String))
        {
            return Wrong($"'{name.Text}'", stringAllowed ? "a string or an array" : "an array");
        }

        if (_facts.Api == Api.Embeddings) _json.Skip(); // text or token numbers, nothing to look for
        else ContentScan.Content(ref _json, ref _facts);
        return null;
    }

    private Refused? TakeTools(MemberName name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartArray) return Wrong($"'{name.Text}'", "an array");
        ContentScan.Tools(ref _json, ref _facts);
        return null;
    }

    private Refused? TakeStreamOptions()
    {
        var start = (int)_json.TokenStartIndex;
        if (_json.TokenType == JsonTokenType.Null)
        {
            _facts.StreamOptions = Here();
            return null;
        }

        if (_json.TokenType != JsonTokenType.StartObject) return Wrong("'stream_options'", "an object");

        _facts.StreamOptionsIsEmpty = true;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            _facts.StreamOptionsIsEmpty = false;
            var isUsage = _json.ValueTextEquals("include_usage"u8);
            _json.Read();
            if (!isUsage)
            {
                _json.Skip();
                continue;
            }

            if (_facts.IncludeUsage.Exists) return Malformed("'include_usage' is given twice, again");
            _facts.IncludeUsage = Here();
            var refused = Bool("include_usage", out var asked);
            if (refused is not null) return refused;
            _facts.IncludeUsageAsked = asked;
        }

        _facts.StreamOptions = new Place(start, (int)_json.BytesConsumed - start);
        return null;
    }

    private Refused? TakeThinking()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartObject) return Wrong("'thinking'", "an object");

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isBudget = _json.ValueTextEquals("budget_tokens"u8);
            _json.Read();
            if (!isBudget)
            {
                _json.Skip();
                continue;
            }

            if (_facts.ThinkingBudget is not null) return Malformed("'budget_tokens' is given twice, again");
            if (Count("'budget_tokens'", out var budget) is { } refused) return refused;
            _facts.ThinkingBudget = budget;
        }

        return null;
    }

    private Refused? TakeChoices()
    {
        const int most = 128; // OpenAI's own limit
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (Count("'n'", out var choices) is { } refused) return refused;
        if (choices is < 1 or > most) return Wrong("'n'", $"from 1 to {most}");
        _facts.Choices = choices;
        return null;
    }

    private Refused? TakePartialImages()
    {
        const int most = 3; // OpenAI's own limit
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (Count("'partial_images'", out var images) is { } refused) return refused;
        if (images > most) return Wrong("'partial_images'", $"from 0 to {most}");
        _facts.PartialImages = images;
        return null;
    }

    // Audio costs a multiple of text. Whether the model has a price for it is asked once the model is known.
    private Refused? TakeModalities()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartArray) return Wrong("'modalities'", "an array");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.String) return Wrong("'modalities'", "an array of strings");
            if (_json.ValueTextEquals("text"u8)) continue;
            if (!_json.ValueTextEquals("audio"u8))
                return GatewayRefusals.Unpriced.With(
                    $"'modalities' at byte {_json.TokenStartIndex + 1} asks for more than text and audio.");
            _facts.Asked |= Media.AudioOutput;
        }

        return null;
    }

    // A faster tier costs up to six times the listed price, another region a tenth more. Options that cost the listed
    // price or less pass; the caller is charged the listed price.
    private Refused? TakePriceOption(MemberName name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.String) return Wrong($"'{name.Text}'", "a string");
        var listed = _json.ValueTextEquals("auto"u8) || _json.ValueTextEquals("default"u8)
            || _json.ValueTextEquals("standard"u8) || _json.ValueTextEquals("standard_only"u8)
            || _json.ValueTextEquals("flex"u8) || _json.ValueTextEquals("global"u8);
        return listed
            ? null
            : GatewayRefusals.Unpriced.With($"'{name.Text}' at byte {_json.TokenStartIndex + 1} changes the price.");
    }

    private Refused? Cap(string name, out AskedCap cap)
    {
        cap = new AskedCap(Here(), null) { Name = _name, Lead = _lead };
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (Count($"'{name}'", out var tokens) is { } refused) return refused;
        cap = cap with { Tokens = tokens };
        return null;
    }

    private Refused? Count(string name, out long count)
    {
        count = 0;
        var isCount = _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out count) && count >= 0;
        return isCount ? null : Wrong(name, "a whole number, not negative");
    }

    private readonly Refused? Bool(string name, out bool value)
    {
        value = _json.TokenType == JsonTokenType.True;
        var isBool = _json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
        return isBool ? null : Wrong($"'{name}'", "true or false");
    }

    private readonly Place Here() => new((int)_json.TokenStartIndex, _json.ValueSpan.Length);

    private readonly Refused Wrong(string name, string expected) => Malformed($"{name} must be {expected},");

    private readonly Refused Malformed(string what) =>
        GatewayRefusals.MalformedBody.With($"{what} at byte {_json.TokenStartIndex + 1} of the body.");
}
