using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

/// <summary>Reads a request's body in one pass, with no copy and no tree.</summary>
/// <remarks>
/// What it cannot read with certainty it refuses, because a misread cap or model would hold too little: docs/holds.md
/// has the rule. A member that it does not know may change what the call costs, and passes only where the policy lets
/// it.
/// </remarks>
public ref partial struct CallReader
{
    private readonly NameTable<Member> _members;
    private readonly ReadingRules _rules;
    private StrictJson _json;
    private CallFacts _facts;
    private Place _name;
    private int _lead;
    private bool _hasModel, _hasContent;

    private CallReader(Api api, ReadOnlySpan<byte> body, ReadingRules rules, NameSet names)
    {
        _json = new StrictJson(body, names);
        _facts = new CallFacts
        {
            Api = api, Model = "", Choices = 1, BodyBytes = body.Length, Tier = ServiceTier.Standard,
        };
        (_members, _rules) = (api.Members, rules);
        if (api == Api.Images) _facts.Asked = Media.ImageOutput;
    }

    /// <summary>Reads the body; on false <paramref name="refused"/> says what is wrong and where.</summary>
    public static bool TryRead(Api api, ReadOnlySpan<byte> body, ReadingRules rules, out CallFacts facts,
        [NotNullWhen(false)] out Refused? refused)
    {
        var names = NameSet.Rent();
        var reader = new CallReader(api, body, rules, names);
        try
        {
            refused = reader.Root();
            refused = reader._json.Fault ?? refused;
        }
        catch (JsonException e)
        {
            refused = DialectRefusals.MalformedBody.With(
                $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of it.");
        }

        names.Return();
        facts = reader._facts with { Swelling = reader._json.Swelling };
        return refused is null;
    }

    private Refused? Root()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject) return Wrong("The body", "a JSON object");

        _facts.InsertAt = _json.Start + 1;
        while (NextMember())
        {
            if (_members.OfName(_json, out var name) is { } member)
            {
                _name = new Place(_json.Start, _json.ValueSpan.Length + 2); // Here would have the colon too
                _json.Read();
                if (Take(member, name) is { } refused) return refused;
            }
            else if (_facts.Api.IsFree) _json.Skip();
            else if (Unknown() is { } unknown) return unknown;
        }

        _json.Read(); // Nothing may follow the object; the reader throws where something does.
        return Missing();
    }

    private bool NextMember()
    {
        _lead = _json.Consumed;
        return _json.Read() && _json.TokenType == JsonTokenType.PropertyName;
    }

    private Refused? Missing()
    {
        if (!_hasModel) return DialectRefusals.MalformedBody.With("The body has no 'model'.");
        if (_hasContent) return null;
        // A Responses call may take all its input from a stored conversation.
        if (_facts.Api is Api.Responses or Api.Compact && _facts.ReadsBeyondBody) return null;
        var content = _facts.Api is Api.Responses or Api.Compact or Api.Embeddings ? "input"
            : _facts.Api == Api.Images ? "prompt" : "messages";
        return DialectRefusals.MalformedBody.With($"The body has no '{content}'.");
    }

    // What it does is not known, and so neither is what it costs.
    private Refused? Unknown()
    {
        var at = _json.Start;
        string? name = null;
        Span<byte> buffer = stackalloc byte[256];
        if (_json.TryPlain(buffer, out var plain)) name = System.Text.Encoding.UTF8.GetString(plain);
        if (ReadingRules.IsSelector(_json)) ReadingRules.RefuseModel(ref _json, at);
        else if (name is null || !_rules.Members.Contains(name, StringComparer.Ordinal))
            _json.Refuse(DialectRefusals.UnknownMember, at,
                $"{{0}}, at byte {at + 1} of the body, is not known to Guerdon, and so neither is what it costs.");
        if (_json.Read()) _rules.NameNoModel(ref _json);
        return _json.Fault;
    }

    private Refused? Take(Member member, string name)
    {
        switch (member)
        {
            case Member.Known: _rules.NameNoModel(ref _json); return null;
            case Member.Free: _json.Skip(); return null;
            case Member.Worded: TakeWorded(); return null;
            case Member.OutputConfig: return TakeOutputConfig();
            case Member.ThinkingSwitch: return TakeThinkingSwitch(name);
            case Member.ThinkingBudget: return TakeThinkingBudget(name);
            case Member.Model: return TakeModel();
            case Member.Content: return TakeContent(name);
            case Member.System: ContentScan.Content(ref _json, ref _facts, _rules); return null;
            case Member.Tools or Member.Functions: return TakeTools(name);
            case Member.StreamOptions: return TakeStreamOptions();
            case Member.Thinking: return TakeThinking();
            case Member.Choices: return TakeChoices();
            case Member.ServiceTier: return TakeTier(name);
            case Member.Speed: return TakeSpeed(name);
            case Member.Geography: return TakeGeography(name);
            case Member.Modalities: return TakeModalities();
            case Member.PartialImages: return TakePartialImages();
            case Member.Size: return TakeSize(name);
            case Member.Stream: return TakeStream(name);
            case Member.Fallbacks: return TakeFallbacks(name);
            case Member.Contexts: return TakeContexts();
            case Member.Betas: return TakeBetas(name);
            case Member.Cap or Member.OldCap or Member.MaxToolCalls: return TakeCap(member, name);
            default: return TakeOption(member, name);
        }
    }

    private Refused? TakeOption(Member member, string name)
    {
        var isSet = _json.IsSet;
        switch (member)
        {
            case Member.CacheControl: _facts.HasCacheControl |= isSet; break;
            case Member.Beyond: _facts.ReadsBeyondBody |= isSet; break;
            case Member.Compaction: _facts.Compacts |= isSet; break;
            case Member.Audio: // how it is to sound, which only spoken answers need
                if (isSet) _facts.Asked |= Media.AudioOutput;
                break;

            case Member.Prediction: return TakePrediction();
            case Member.Reasoning:
                _facts.AsksThinking |= isSet;
                return TakeReasoning();
            case Member.Moderation: return TakeModeration();
            case Member.Thoughts: // templates have members of any names
                _facts.AsksThinking |= isSet;
                if (name == "chat_template_kwargs") _json.Skip();
                else _rules.NameNoModel(ref _json);
                return null;

            case Member.Search or Member.Servers:
                var rule = member == Member.Search ? HostedRules.ChatSearch : HostedRules.RemoteServers;
                if (isSet && !IsEmptyArray()) (_facts.Hosted ??= []).Add(new HostedCall(rule, _json.Start));
                if (member == Member.Search) return TakeSearchOptions();
                break;

            case Member.Unbounded when isSet && _json.TokenType != JsonTokenType.False:
                _json.Refuse(DialectRefusals.Unbounded, _json.Start,
                    "{0} leads to searches, tools or models that the body does not show.");
                return _json.Fault;

            case Member.OtherModel when isSet:
                ReadingRules.RefuseModel(ref _json, _json.Start);
                return _json.Fault;

            case Member.Background:
                if (Bool(name, out var background) is { } wrong) return wrong;
                return background
                    ? DialectRefusals.Unmetered.With("'background' answers before the model has worked.")
                    : null;
        }

        _rules.NameNoModel(ref _json);
        return null;
    }

    private Refused? TakeModel()
    {
        _hasModel = true;
        if (Name() is not { } model)
            return _json.IsString ? Wrong("'model'", "a name of 1 to 256 bytes") : Wrong("'model'", "a string");
        (_facts.Model, _facts.ModelAt) = (model, _json.Start);
        return null;
    }

    // A model's name where the reader stands, or null where it is none.
    private readonly string? Name()
    {
        if (!_json.IsString) return null;
        if (!_json.ValueIsEscaped) return ModelNames.Get(_json.ValueSpan);
        Span<byte> buffer = stackalloc byte[512];
        return _json.TryPlain(buffer, out var plain) ? ModelNames.Get(plain) : null;
    }

    private readonly bool IsEmptyArray() =>
        _json.TokenType == JsonTokenType.StartArray && _json.Peek() == JsonTokenType.EndArray;

    private Refused? TakeContent(string name)
    {
        _hasContent = true;
        var type = _json.TokenType;
        if (_facts.Api == Api.Images) return _json.IsString ? null : Wrong($"'{name}'", "a string");
        var stringAllowed = _facts.Api is Api.Responses or Api.Compact or Api.Embeddings;
        if (type != JsonTokenType.StartArray && !(stringAllowed && type == JsonTokenType.String))
            return Wrong($"'{name}'", stringAllowed ? "a string or an array" : "an array");

        if (_facts.Api == Api.Embeddings) return TakeTexts();
        ContentScan.Content(ref _json, ref _facts, _rules);
        return null;
    }

    // Texts and token numbers are bounded by their bytes. An object may name a picture that is not here.
    private Refused? TakeTexts()
    {
        var depth = _json.CurrentDepth;
        _facts.Texts = 1;
        if (_json.TokenType != JsonTokenType.StartArray) return null;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            if (_json.CurrentDepth == depth + 1 && _json.TokenType != JsonTokenType.EndArray) _facts.Texts++;
            if (_json.TokenType == JsonTokenType.StartObject)
                _json.Refuse(DialectRefusals.Unbounded, _json.Start, "{0} is neither a text nor a token's number.");
        }

        return _json.Fault;
    }

    private Refused? TakeTools(string name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartArray) return Wrong($"'{name}'", "an array");
        if (_facts.Api.IsFree) _json.Skip();
        else ToolScan.Tools(ref _json, ref _facts, _rules, isContent: false);
        return null;
    }

    private Refused? TakeCap(Member member, string name)
    {
        var cap = new AskedCap(_json.Here, null) { Name = _name, Lead = _lead };
        if (_json.TokenType != JsonTokenType.Null)
        {
            if (Count($"'{name}'", out var tokens) is { } refused) return refused;
            // Some who speak OpenAI's dialect take zero for no cap at all. Anthropic's writes nothing but a cache.
            if (tokens == 0 && _facts.Api.Dialect == Dialect.OpenAi) return Wrong($"'{name}'", "at least 1");
            cap = cap with { Tokens = tokens };
        }

        if (member == Member.Cap) _facts.Cap = cap;
        else if (member == Member.OldCap) _facts.OldCap = cap;
        else _facts.MaxToolCalls = cap;
        return null;
    }

    private Refused? Count(string name, out long count) =>
        _json.TryGetInt64(out count) && count >= 0 ? null : Wrong(name, "a whole number, not negative");

    private readonly Refused? Bool(string name, out bool value)
    {
        value = _json.TokenType == JsonTokenType.True;
        var isBool = _json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
        return isBool ? null : Wrong($"'{name}'", "true or false");
    }

    private readonly Refused Wrong(string name, string expected) => DialectRefusals.MalformedBody.With(
        $"{name} must be {expected}, at byte {_json.Start + 1} of the body.");
}
