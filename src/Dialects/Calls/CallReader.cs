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
internal ref partial struct CallReader
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
        (_members, _rules) = (api.Members!, rules);
        if (api.Makes == Made.Pictures) _facts.Asked = Media.ImageOutput;
    }

    /// <summary>Reads the body, or says what is wrong with it and where.</summary>
    public static Result<CallFacts> Read(Api api, ReadOnlySpan<byte> body, ReadingRules rules)
    {
        var names = NameSet.Rent();
        var reader = new CallReader(api, body, rules, names);
        Refused? refused;
        try
        {
            refused = reader.Root();
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
                if (Takers[(int)member](ref this, name) is { } refused) return refused;
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
        // Nothing is missing, since a Responses call may take all its input from a stored conversation.
        if (_facts.Api.Content == ContentForm.Items && _facts.ReadsBeyondBody) return null;
        return DialectRefusals.MalformedBody.With($"The body has no '{_facts.Api.ContentName}'.");
    }

    // Refused unless the policy lets it pass: what it does is not known, and so neither is what it costs.
    private Refused? Unknown()
    {
        var at = _json.Start;
        if (ReadingRules.IsSelector(_json)) ReadingRules.RefuseModel(ref _json, at);
        else if (!_rules.Lets(_json)) ReadingRules.RefuseUnknown(ref _json);
        if (_json.Read()) _rules.NameNoModel(ref _json);
        return _json.Fault;
    }

    private Refused? TakeModel()
    {
        _hasModel = true;
        if (Name() is not { } model)
            return _json.IsString ? Wrong("'model'", "a name of 1 to 256 bytes") : Wrong("'model'", "a string");
        (_facts.Model, _facts.ModelAt) = (model, _json.Start);
        return null;
    }

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
        var form = _facts.Api.Content;
        if (form == ContentForm.Prompt) return _json.IsString ? null : Wrong($"'{name}'", "a string");
        var mayBeString = form != ContentForm.Messages;
        if (_json.TokenType != JsonTokenType.StartArray && !(mayBeString && _json.IsString))
            return Wrong($"'{name}'", mayBeString ? "a string or an array" : "an array");

        if (form == ContentForm.Texts) return TakeTexts();
        ContentScan.Content(ref _json, ref _facts, _rules);
        return null;
    }

    // Texts and token numbers are bounded by their bytes. Anything else is refused, since an object may name a picture
    // that is not here.
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
            if (tokens == 0 && !_facts.Api.CapMayBeZero) return Wrong($"'{name}'", "at least 1");
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

    private readonly Refused Wrong(string name, string expected) => _json.Wrong(name, expected);
}
