using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Dialects.Calls;

internal ref partial struct CallReader
{
    // Both add to the prompt, since a provider explains a form of an answer to the model and counts a budget down in
    // the conversation.
    private Refused? TakeOutputConfig()
    {
        _facts.AddsWords |= _json.IsSet;
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _json.Skip();
            return null;
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isBudget = _json.Is("task_budget"u8);
            if (!_json.Read()) break;
            _facts.ReadsBeyondBody |= isBudget && _json.IsSet;
            _json.SkipForeign();
        }

        return _json.Fault;
    }

    private Refused? TakeWorded()
    {
        _facts.AddsWords |= _json.IsSet && _json.TokenType != JsonTokenType.False;
        return Pass();
    }

    // Any name passes, because templates have members of any names.
    private Refused? TakeThoughts(string name)
    {
        _facts.AsksThinking |= _json.IsSet;
        return name == "chat_template_kwargs" ? PassUnread() : Pass();
    }

    private Refused? TakeThinkingSwitch(string name)
    {
        if (Bool(name, out _) is { } wrong) return wrong;
        _facts.ThinkingIsOff = _json.TokenType == JsonTokenType.False;
        return null;
    }

    private Refused? TakeThinkingBudget(string name)
    {
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (Count($"'{name}'", out var budget) is { } wrong) return wrong;
        _facts.ThoughtBudget = budget;
        return null;
    }

    // Refused, because Perplexity's search in several steps has a fee of its own and reads pages besides.
    private Refused? TakeSearchOptions()
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _rules.NameNoModel(ref _json);
            return null;
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (!_json.Is("search_type"u8))
            {
                _rules.MemberNamesNoModel(ref _json);
                continue;
            }

            _json.Read();
            if (_json.IsSet && !(_json.IsString && _json.Is("fast"u8)))
                return Unpriced("'web_search_options.search_type' changes the price");
        }

        return _json.Fault;
    }
}
