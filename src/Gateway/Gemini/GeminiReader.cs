using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Stipend.Kernel;
using Stipend.Pricing;

namespace Stipend.Gateway;

/// <summary>Reads a Gemini request's body in one pass, with no copy and no tree. Its path names the model.</summary>
/// <remarks>
/// As <see cref="CallReader"/> it refuses what it cannot read with certainty. Google takes each member in two spellings
/// (<c>maxOutputTokens</c>, <c>max_output_tokens</c>), so names are compared without case and underscores, and a member
/// given in both is given twice. It also takes numbers as strings; those are refused.
/// </remarks>
internal ref struct GeminiReader
{
    private enum Root { None, Contents, System, Tools, Config, Cached, Tier, Model }

    private enum Option { None, Cap, Choices, Thinking, Modalities }

    private const int FirstOption = 16; // bits of what was seen: the root's members below, the options from here on
    private const int MostChoices = 128;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    private readonly string _model;
    private Utf8JsonReader _json;
    private CallFacts _facts;
    private uint _seen;

    private GeminiReader(Api api, string model, ReadOnlySpan<byte> body)
    {
        _model = model;
        _json = new Utf8JsonReader(body, Options);
        _facts = new CallFacts
        {
            Api = api, Model = model, Choices = 1, BodyBytes = body.Length,
            Stream = api is Api.StreamEvents or Api.StreamArray,
            IncludeUsageAsked = true, // it always comes, and is never hidden
        };
    }

    /// <summary>Reads the body; on false <paramref name="refused"/> says what is wrong and at which byte.</summary>
    public static bool TryRead(Api api, string model, ReadOnlySpan<byte> body, out CallFacts facts,
        [NotNullWhen(false)] out Refused? refused)
    {
        var reader = new GeminiReader(api, model, body);
        try
        {
            refused = reader.Body();
        }
        catch (JsonException e)
        {
            refused = GatewayRefusals.MalformedBody.With(
                $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of it.");
        }

        facts = reader._facts;
        return refused is null;
    }

    private Refused? Body()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject) return Wrong("The body", "a JSON object");

        _facts.InsertAt = (int)_json.TokenStartIndex + 1;
        var isCount = _facts.Api == Api.GeminiCountTokens; // free, whatever is in it
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var member = isCount ? Root.None : RootOf(new FoldedName(_json));
            if (member != Root.None && !IsNew((int)member)) return Twice();
            _json.Read();
            if (Take(member) is { } refused) return refused;
        }

        _json.Read(); // Nothing may follow the object; the reader throws where something does.
        return isCount || !IsNew((int)Root.Contents)
            ? null
            : GatewayRefusals.MalformedBody.With("The body has no 'contents'.");
    }

    private static Root RootOf(in FoldedName name)
    {
        if (name.Is("contents"u8)) return Root.Contents;
        if (name.Is("systeminstruction"u8)) return Root.System;
        if (name.Is("tools"u8)) return Root.Tools;
        if (name.Is("generationconfig"u8)) return Root.Config;
        if (name.Is("cachedcontent"u8)) return Root.Cached;
        if (name.Is("servicetier"u8)) return Root.Tier;
        return name.Is("model"u8) ? Root.Model : Root.None;
    }

    private Refused? Take(Root member)
    {
        switch (member)
        {
            case Root.Contents or Root.System: GeminiScan.Content(ref _json, ref _facts); return null;
            case Root.Tools: GeminiScan.Tools(ref _json, ref _facts); return null;
            case Root.Config: return TakeConfig();
            case Root.Tier: return TakeTier();
            case Root.Model: return TakeModel();
            case Root.Cached: _facts.ReadsBeyondBody |= _json.TokenType != JsonTokenType.Null; break;
        }

        _json.Skip();
        return null;
    }

    // The path's model is priced. A body that names another must not be the one that is obeyed.
    private Refused? TakeModel()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        var isSame = _json.TokenType == JsonTokenType.String
            && (_json.ValueTextEquals(_model) || _json.ValueTextEquals("models/" + _model));
        return isSame ? null : Wrong("'model'", "the model that the path names");
    }

    // The faster tier costs more than the price book says.
    private Refused? TakeTier()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType == JsonTokenType.String)
        {
            var isListed = _json.ValueTextEquals("standard"u8) || _json.ValueTextEquals("flex"u8)
                || _json.ValueTextEquals("unspecified"u8);
            if (isListed) return null;
        }

        return GatewayRefusals.Unpriced.With($"'serviceTier' at byte {_json.TokenStartIndex + 1} changes the price.");
    }

    private Refused? TakeConfig()
    {
        var start = (int)_json.TokenStartIndex;
        if (_json.TokenType == JsonTokenType.Null)
        {
            _facts.Config = new Place(start, 4);
            _facts.ConfigIsNull = true;
            return null;
        }

        if (_json.TokenType != JsonTokenType.StartObject) return Wrong("'generationConfig'", "an object");

        _facts.ConfigIsEmpty = true;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            _facts.ConfigIsEmpty = false;
            var option = OptionOf(new FoldedName(_json));
            if (option != Option.None && !IsNew(FirstOption + (int)option)) return Twice();
            _json.Read();
            if (TakeOption(option) is { } refused) return refused;
        }

        _facts.Config = new Place(start, (int)_json.BytesConsumed - start);
        return null;
    }

    private static Option OptionOf(in FoldedName name)
    {
        if (name.Is("maxoutputtokens"u8)) return Option.Cap;
        if (name.Is("candidatecount"u8)) return Option.Choices;
        if (name.Is("thinkingconfig"u8)) return Option.Thinking;
        return name.Is("responsemodalities"u8) ? Option.Modalities : Option.None;
    }

    private Refused? TakeOption(Option option)
    {
        switch (option)
        {
            case Option.Cap: return TakeCap();
            case Option.Choices: return TakeChoices();
            case Option.Thinking: return TakeThinking();
            case Option.Modalities: return TakeModalities();
            default: _json.Skip(); return null;
        }
    }

    // Zero is refused too: for Google an integer's zero is as good as none at all.
    private Refused? TakeCap()
    {
        var place = new Place((int)_json.TokenStartIndex, _json.ValueSpan.Length);
        _facts.Cap = new AskedCap(place, null);
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (!IsNumber(1, out var tokens)) return Wrong("'maxOutputTokens'", "a whole number, at least 1");
        _facts.Cap = new AskedCap(place, tokens);
        return null;
    }

    private Refused? TakeChoices()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (!IsNumber(1, out var choices) || choices > MostChoices)
            return Wrong("'candidateCount'", $"a whole number from 1 to {MostChoices}");
        _facts.Choices = choices;
        return null;
    }

    private Refused? TakeThinking()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartObject) return Wrong("'thinkingConfig'", "an object");

        var isSeen = false;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isBudget = new FoldedName(_json).Is("thinkingbudget"u8);
            if (isBudget && isSeen) return Twice();
            isSeen |= isBudget;
            _json.Read();
            if (!isBudget || _json.TokenType == JsonTokenType.Null)
            {
                _json.Skip();
                continue;
            }

            if (!IsNumber(-1, out var budget)) return Wrong("'thinkingBudget'", "a whole number, at least -1");
            if (budget > 0) _facts.ThinkingBudget = budget; // 0: none, -1: as the model sees fit
        }

        return null;
    }

    // Pictures and speech cost a multiple of text, where the model has a price for them.
    private Refused? TakeModalities()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartArray) return TakeModality();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            if (TakeModality() is { } refused) return refused;
        return null;
    }

    private Refused? TakeModality()
    {
        _facts.NamesModalities = true;
        var isString = _json.TokenType == JsonTokenType.String;
        if (isString && _json.ValueTextEquals("TEXT"u8)) return null;
        if (isString && _json.ValueTextEquals("IMAGE"u8)) _facts.Asked |= Media.ImageOutput;
        else if (isString && _json.ValueTextEquals("AUDIO"u8)) _facts.Asked |= Media.AudioOutput;
        else
            return GatewayRefusals.Unpriced.With($"'responseModalities' at byte {_json.TokenStartIndex + 1} asks for "
                + "something other than TEXT, IMAGE and AUDIO.");
        return null;
    }

    private bool IsNew(int bit)
    {
        var isNew = (_seen & (1u << bit)) == 0;
        _seen |= 1u << bit;
        return isNew;
    }

    private readonly bool IsNumber(long least, out long number)
    {
        number = 0;
        return _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out number) && number >= least;
    }

    // Stands on the name, as the caller spells it.
    private readonly Refused Twice() => Malformed($"'{_json.GetString()}' is given twice, again");

    private readonly Refused Wrong(string name, string expected) => Malformed($"{name} must be {expected},");

    private readonly Refused Malformed(string what) =>
        GatewayRefusals.MalformedBody.With($"{what} at byte {_json.TokenStartIndex + 1} of the body.");
}
