using System.Text.Json;
using Guerdon.Dialects.Calls;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Gemini;

/// <summary>Reads a Gemini request's body in one pass, with no copy and no tree. Its path names the model.</summary>
/// <remarks>
/// As <see cref="CallReader"/> it refuses what it cannot read with certainty. Google takes each member in two spellings
/// (<c>maxOutputTokens</c>, <c>max_output_tokens</c>), so names are compared without case and underscores, and a member
/// given in both is given twice. It also takes numbers as strings; those are refused.
/// </remarks>
internal ref struct GeminiReader
{
    private enum Root { None, Free, Contents, System, Tools, Config, Cached, Tier, Model }

    private enum Option { None, Known, Free, Cap, Choices, Thinking, Modalities, OtherModel }

    private const int MostChoices = 128;

    // Names in small letters. What is on neither list is refused, such as continuationToken and automaticContinuation,
    // because they go on with what another call has begun.
    private static readonly NameTable<Root> Roots = new(
        (Root.Contents, ["contents"]), (Root.System, ["systeminstruction"]), (Root.Tools, ["tools"]),
        (Root.Config, ["generationconfig"]), (Root.Cached, ["cachedcontent"]), (Root.Tier, ["servicetier"]),
        (Root.Model, ["model"]),
        (Root.Free, ["safetysettings", "toolconfig", "labels", "store", "modelarmorconfig"]));

    private static readonly NameTable<Option> Options = new(
        (Option.Cap, ["maxoutputtokens"]), (Option.Choices, ["candidatecount"]), (Option.Thinking, ["thinkingconfig"]),
        (Option.Modalities, ["responsemodalities"]), (Option.OtherModel, ["modelselectionconfig", "routingconfig"]),
        (Option.Free, ["responseschema", "responsejsonschema", "responseformat", "stopsequences"]),
        (Option.Known,
        [
            "temperature", "topp", "topk", "seed", "presencepenalty", "frequencypenalty", "responselogprobs",
            "logprobs", "responsemimetype", "speechconfig", "imageconfig", "mediaresolution", "audiotimestamp",
            "enableenhancedcivicanswers", "enableaffectivedialog", "audiotranscriptionconfig",
        ]));

    private readonly string _model;
    private readonly ReadingRules _rules;
    private StrictJson _json;
    private CallFacts _facts;
    private bool _hasContents;

    private GeminiReader(Api api, string model, ReadOnlySpan<byte> body, ReadingRules rules, NameSet names)
    {
        (_model, _rules) = (model, rules);
        _json = new StrictJson(body, names) { Folds = true };
        _facts = new CallFacts
        {
            Api = api, Model = model, Choices = 1, BodyBytes = body.Length, Tier = ServiceTier.Standard,
            Stream = api.IsStream,
            IncludeUsageAsked = true, // it always comes, and is never hidden
        };
    }

    /// <summary>Reads the body, or says what is wrong with it and where.</summary>
    public static Result<CallFacts> Read(Api api, string model, ReadOnlySpan<byte> body, ReadingRules rules)
    {
        var names = NameSet.Rent();
        var reader = new GeminiReader(api, model, body, rules, names);
        Refused? refused;
        try
        {
            refused = reader.Body();
            refused = reader._json.Fault ?? refused;
        }
        catch (JsonException e)
        {
            refused = StrictJson.Broken(e);
        }

        names.Return();
        if (refused is not null) return refused;
        reader._facts.Swelling = reader._json.Swelling;
        return reader._facts;
    }

    private Refused? Body()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject) return Wrong("The body", "a JSON object");

        _facts.InsertAt = _json.Start + 1;
        var isCount = _facts.Api.IsFree; // whatever is in it
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var member = isCount ? Root.Free : Roots.OfFolded(new FoldedName(_json)) ?? Root.None;
            if (member == Root.None && RefuseUnknown()) return _json.Fault;
            _json.Read();
            if (Take(member) is { } refused) return refused;
        }

        _json.Read(); // Nothing may follow the object; the reader throws where something does.
        return isCount || _hasContents
            ? null
            : DialectRefusals.MalformedBody.With("The body has no 'contents'.");
    }

    // True where the body is refused for a member that is not known, since what it costs is not known either.
    private bool RefuseUnknown()
    {
        if (_rules.Lets(_json)) return false;
        if (ReadingRules.IsSelector(_json)) ReadingRules.RefuseModel(ref _json, _json.Start);
        else ReadingRules.RefuseUnknown(ref _json);
        return true;
    }

    private Refused? Take(Root member)
    {
        switch (member)
        {
            case Root.Contents or Root.System:
                _hasContents |= member == Root.Contents;
                GeminiScan.Content(ref _json, ref _facts);
                return null;

            case Root.Tools: GeminiScan.Tools(ref _json, ref _facts); return null;
            case Root.Config: return TakeConfig();
            case Root.Tier: return TakeTier();
            case Root.Model: return TakeModel();
            case Root.Free: _json.SkipForeign(); return null;
            case Root.Cached: _facts.ReadsBeyondBody |= _json.IsSet; break;
        }

        _rules.NameNoModel(ref _json);
        return null;
    }

    // The path's model is priced. A body that names another must not be the one that is obeyed.
    private Refused? TakeModel()
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        var isSame = _json.TokenType == JsonTokenType.String
            && (_json.Is(_model) || _json.Is("models/" + _model));
        return isSame ? null : Wrong("'model'", "the model that the path names");
    }

    // A tier only needs to be known here: its price is looked for once the model is known.
    private Refused? TakeTier()
    {
        if (!_json.IsSet) return null;
        if (_json.IsString && (_json.Is("standard"u8) || _json.Is("unspecified"u8))) return null;
        if (_json.IsString && _json.Is("flex"u8)) _facts.Tier = ServiceTier.Flex;
        else if (_json.IsString && _json.Is("priority"u8)) _facts.Tier = ServiceTier.Priority;
        else
            return DialectRefusals.Unpriced.With(
                $"'serviceTier', at byte {_json.Start + 1} of the body, changes the price.");
        return null;
    }

    private Refused? TakeConfig()
    {
        var start = _json.Start;
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
            var option = Options.OfFolded(new FoldedName(_json)) ?? Option.None;
            if (option == Option.None && RefuseUnknown()) return _json.Fault;
            _json.Read();
            if (TakeOption(option) is { } refused) return refused;
        }

        _facts.Config = new Place(start, _json.Consumed - start);
        return null;
    }

    private Refused? TakeOption(Option option)
    {
        switch (option)
        {
            case Option.Cap: return TakeCap();
            case Option.Choices: return TakeChoices();
            case Option.Thinking: return TakeThinking();
            case Option.Modalities: return TakeModalities();
            case Option.Free: _json.SkipForeign(); return null;
            case Option.OtherModel when _json.IsSet:
                ReadingRules.RefuseModel(ref _json, _json.Start);
                return _json.Fault;

            default: _rules.NameNoModel(ref _json); return null;
        }
    }

    // Zero is refused too, because for Google an integer's zero is as good as none at all.
    private Refused? TakeCap()
    {
        var place = _json.Here;
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

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isBudget = new FoldedName(_json).Is("thinkingbudget"u8);
            _json.Read();
            if (!isBudget || !_json.IsSet)
            {
                _json.Skip();
                continue;
            }

            if (!IsNumber(-1, out var budget)) return Wrong("'thinkingBudget'", "a whole number, at least -1");
            if (budget > 0) _facts.ThinkingBudget = budget; // 0: none, -1: as the model sees fit
        }

        return null;
    }

    // Noted, because pictures and speech cost a multiple of text and must have a price.
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
        if (isString && _json.Is("TEXT"u8)) return null;
        if (isString && _json.Is("IMAGE"u8)) _facts.Asked |= Media.ImageOutput;
        else if (isString && _json.Is("AUDIO"u8)) _facts.Asked |= Media.AudioOutput;
        else
            return DialectRefusals.Unpriced.With($"'responseModalities' at byte {_json.Start + 1} asks for "
                + "something other than TEXT, IMAGE and AUDIO.");
        return null;
    }

    private readonly bool IsNumber(long least, out long number)
    {
        return _json.TryGetInt64(out number) && number >= least;
    }

    private readonly Refused Wrong(string name, string expected) => _json.Wrong(name, expected);
}
