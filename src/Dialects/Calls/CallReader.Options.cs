using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

internal ref partial struct CallReader
{
    private Refused? TakeStream(string name)
    {
        if (Bool(name, out var stream) is { } refused) return refused;
        _facts.Stream = stream;
        return stream && _facts.Api.Makes == Made.Pictures
            ? DialectRefusals.Unmetered.With("'stream' of pictures is not read for its usage.")
            : null;
    }

    private Refused? TakeStreamOptions()
    {
        var start = _json.Start;
        if (_json.TokenType == JsonTokenType.Null)
        {
            _facts.StreamOptions = _json.Here;
            return null;
        }

        if (_json.TokenType != JsonTokenType.StartObject) return Wrong("'stream_options'", "an object");

        _facts.StreamOptionsIsEmpty = true;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            _facts.StreamOptionsIsEmpty = false;
            if (!_json.Is("include_usage"u8))
            {
                _rules.MemberNamesNoModel(ref _json);
                continue;
            }

            _json.Read();
            _facts.IncludeUsage = _json.Here;
            if (Bool("include_usage", out var asked) is { } refused) return refused;
            _facts.IncludeUsageAsked = asked;
        }

        _facts.StreamOptions = new Place(start, _json.Consumed - start);
        return null;
    }

    // Only what is foretold is content; what else may stand beside it is not known.
    private Refused? TakePrediction()
    {
        var (start, isSet) = (_json.Start, _json.IsSet);
        if (_json.TokenType != JsonTokenType.StartObject) _json.Skip();
        else
        {
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                if (_json.Is("content"u8)) _json.Skip();
                else _rules.MemberNamesNoModel(ref _json);
            }
        }

        if (isSet) _facts.PredictionBytes = _json.Consumed - start;
        return null;
    }

    private Refused? TakeThinking()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartObject) return Wrong("'thinking'", "an object");

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.Is("type"u8))
            {
                _json.Read();
                _facts.ThinkingIsOff = _json.IsString && _json.Is("disabled"u8);
                _rules.NameNoModel(ref _json);
                continue;
            }

            if (!_json.Is("budget_tokens"u8))
            {
                _rules.MemberNamesNoModel(ref _json);
                continue;
            }

            _json.Read();
            if (Count("'budget_tokens'", out var budget) is { } refused) return refused;
            (_facts.ThinkingBudget, _facts.ThoughtBudget) = (budget, budget);
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

    // Only sizes for which the most tokens are known, because that is what is held.
    private Refused? TakeSize(string name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (!_json.IsString) return Wrong($"'{name}'", "a string");
        if (PictureSizes.IsKnown(_json)) return null;
        _json.Refuse(DialectRefusals.Unbounded, _json.Start,
            "{0} asks for a size of picture for which it is not known how many tokens it takes at most.");
        return _json.Fault;
    }

    // Audio costs a multiple of text, so it must have a price, which is asked for once the model is known.
    private Refused? TakeModalities()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartArray) return Wrong("'modalities'", "an array");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (!_json.IsString) return Wrong("'modalities'", "an array of strings");
            if (_json.Is("text"u8)) continue;
            if (!_json.Is("audio"u8)) return Unpriced("'modalities' asks for more than text and audio");
            _facts.Asked |= Media.AudioOutput;
        }

        return null;
    }

    // A tier has a price of its own, which is looked for once the model is known. The standard one is asked for instead
    // of "auto", because which tier that is the provider's settings say and the body does not.
    private Refused? TakeTier(string name)
    {
        if (!_json.IsSet || (_json.IsString && _json.Is("auto"u8)))
        {
            _facts.OpenTier = _json.Here;
            _facts.AsksOpenTier = _json.IsSet;
            return null;
        }

        if (!_json.IsString) return Wrong($"'{name}'", "a string");
        _facts.NamesTier = true;
        if (_json.Is("default"u8) || _json.Is("standard"u8) || _json.Is("standard_only"u8)) return null;
        if (_json.Is("flex"u8)) _facts.Tier = ServiceTier.Flex;
        else if (_json.Is("priority"u8)) _facts.Tier = ServiceTier.Priority;
        else return Unpriced($"'{name}' changes the price");
        return null;
    }

    private Refused? TakeSpeed(string name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (!_json.IsString) return Wrong($"'{name}'", "a string");
        if (_json.Is("fast"u8)) _facts.Tier = ServiceTier.Fast;
        else if (!_json.Is("standard"u8)) return Unpriced($"'{name}' changes the price");
        return null;
    }

    // Refused but for "global", because inference in one country costs a tenth more, and no row of
    // the price book is for that.
    private Refused? TakeGeography(string name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (!_json.IsString) return Wrong($"'{name}'", "a string");
        return _json.Is("global"u8) ? null : Unpriced($"'{name}' changes the price");
    }

    // OpenAI's mode "pro" is refused, because several runs of the model then work on one answer.
    private Refused? TakeReasoning()
    {
        _facts.AsksThinking |= _json.IsSet;
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _rules.NameNoModel(ref _json);
            return null;
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (!_json.Is("mode"u8))
            {
                _rules.MemberNamesNoModel(ref _json);
                continue;
            }

            _json.Read();
            if (_json.IsSet && !(_json.IsString && _json.Is("standard"u8)))
                return Unpriced("'reasoning.mode' changes the price");
        }

        return null;
    }

    // Only moderation by OpenAI's own models of that name passes, since it is free.
    private Refused? TakeModeration()
    {
        if (_json.TokenType != JsonTokenType.StartObject) return null;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (!_json.Is("model"u8))
            {
                _rules.MemberNamesNoModel(ref _json);
                continue;
            }

            _json.Read();
            var isFree = _json.IsString && (_json.ValueSpan.StartsWith("omni-moderation-"u8)
                || _json.ValueSpan.StartsWith("text-moderation-"u8));
            if (_json.IsSet && !isFree) ReadingRules.RefuseModel(ref _json, _json.Start);
            else _json.Skip();
        }

        return _json.Fault;
    }

    private Refused? TakeFallbacks(string name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.IsString)
        {
            _json.Refuse(DialectRefusals.Unbounded, _json.Start, "{0} leaves it to the provider which models answer.");
            return _json.Fault;
        }

        if (_json.TokenType != JsonTokenType.StartArray) return Wrong($"'{name}'", "an array of models");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            if (TakeFallback() is { } refused) return refused;
        return null;
    }

    private struct Fallback
    {
        public int At;
        public string? Model;
        public AskedCap Cap;
        public bool IsFast;
    }

    private Refused? TakeFallback()
    {
        if (_json.TokenType != JsonTokenType.StartObject) return Wrong("A fallback", "an object with a model");
        var fallback = new Fallback { At = _json.Start };
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            if (TakeOfFallback(ref fallback) is { } refused) return refused;

        if (fallback.Model is null) return Wrong("'model' of a fallback", "a name of 1 to 256 bytes");
        const int most = 16; // more than any provider tries
        if (_facts.Fallbacks?.Count >= most) return Wrong("'fallbacks'", $"at most {most} models");
        (_facts.Fallbacks ??= []).Add(new NamedModel(fallback.Model, fallback.At, fallback.Cap, fallback.IsFast));
        return null;
    }

    private Refused? TakeOfFallback(ref Fallback fallback)
    {
        var (isModel, isCap, isSpeed) = (_json.Is("model"u8), _json.Is("max_tokens"u8), _json.Is("speed"u8));
        if (!isModel && !isCap && !isSpeed) return TakeOtherOfFallback();
        _json.Read();
        if (isModel) (fallback.At, fallback.Model) = (_json.Start, Name());
        else if (_json.IsSet && isCap)
        {
            if (Count("'max_tokens' of a fallback", out var tokens) is { } wrong) return wrong;
            fallback.Cap = new AskedCap(_json.Here, tokens);
        }
        else if (_json.IsSet)
        {
            fallback.IsFast = _json.IsString && _json.Is("fast"u8);
            if (!fallback.IsFast && !(_json.IsString && _json.Is("standard"u8)))
                return Unpriced("'speed' of a fallback changes the price");
        }

        return null;
    }

    // Refused, because whatever else of the call's an entry replaces, tools or a tier, would be
    // neither priced nor held.
    private Refused? TakeOtherOfFallback()
    {
        var isForm = _json.Is("output_config"u8);
        if (!isForm && !_json.Is("thinking"u8)) return Unknown();
        _json.Read();
        if (isForm) return TakeOutputConfig();
        _facts.AsksThinking |= _json.IsSet;
        return Pass();
    }

    // What is new counts as a summary, since only clearing old results is sure to need no model.
    private Refused? TakeContexts()
    {
        var depth = _json.CurrentDepth;
        if (_json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return null;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            if (_json.TokenType != JsonTokenType.PropertyName) continue;
            if (ReadingRules.IsSelector(_json)) ReadingRules.RefuseModel(ref _json, _json.Start);
            var isType = _json.Is("type"u8);
            _json.Read();
            if (isType && _json.IsString) _facts.Compacts |= !IsHarmlessContext();
        }

        return _json.Fault;
    }

    private Refused? TakeBetas(string name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartArray) return TakeBeta(name);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            if (TakeBeta(name) is { } refused) return refused;
        return null;
    }

    private Refused? TakeBeta(string name)
    {
        const int most = 256;
        Span<byte> buffer = stackalloc byte[most];
        if (!_json.IsString || !_json.TryPlain(buffer, out var beta))
            return Wrong($"'{name}'", $"a list of names of up to {most} bytes");
        var window = _facts.Api.Dialect.WindowIn(System.Text.Encoding.UTF8.GetString(beta));
        _facts.AskedWindow = Math.Max(_facts.AskedWindow, window);
        return null;
    }

    private readonly bool IsHarmlessContext() => _json.ValueSpan.StartsWith("clear_"u8)
        || _json.Is("input_tokens"u8) || _json.Is("tool_uses"u8) || _json.Is("thinking_turns"u8) || _json.Is("all"u8);

    private readonly Refused Unpriced(string what) =>
        DialectRefusals.Unpriced.With($"{what}, at byte {_json.Start + 1} of the body.");
}
