using System.Collections.Immutable;
using System.Text.Json;
using Guerdon.Dialects.Readings;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Answers;

/// <summary>Finds usage and delivered text in answers that are built as OpenAI's and Anthropic's are, whole or an event
/// of them.</summary>
/// <remarks>
/// One walk serves all: usage stands at the root (chat, bodies, message_delta) or in the <c>response</c> or
/// <c>message</c> at the root; delivered text stands in members called <c>delta</c>.
/// </remarks>
internal ref struct AnswerWalk
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    private static readonly ImmutableDictionary<HostedTool, long> OneSearch =
        ImmutableDictionary<HostedTool, long>.Empty.Add(HostedTool.WebSearch, 1);

    private readonly AnswerForm _form;
    private Utf8JsonReader _json;
    private bool _hasUsage;
    private bool _hasChoices;
    private bool _isTerminal;
    private bool _isItemDone;
    private bool _isErrorEvent;
    private Fault _code; // of an error whose words stand at the root
    private OutputItem? _item;

    public AnswerWalk(ReadOnlySpan<byte> data, AnswerForm form)
    {
        _json = new Utf8JsonReader(data, Options);
        _form = form;
    }

    /// <exception cref="JsonException">It is not JSON.</exception>
    public EventKind Read(ref UsageReading reading)
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject) return EventKind.Other;

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName) Root(ref reading);
        if (_isErrorEvent && (reading.Fault == Fault.None || _code != Fault.None))
            ErrorWords.Note(ref reading, _code);
        if (_isItemDone) _item?.AddTo(ref reading, isStreamed: true);
        if (_isTerminal)
        {
            reading.Finish();
            return EventKind.Terminal;
        }

        return _form.HasUsageEvent && _hasUsage && !_hasChoices ? EventKind.UsageOnly : EventKind.Other;
    }

    private void Root(ref UsageReading reading)
    {
        if (_json.ValueTextEquals("usage"u8))
        {
            _json.Read();
            _hasUsage |= Usage(isCount: true, ref reading);
        }
        else if (_json.ValueTextEquals("type"u8))
        {
            _json.Read();
            _isTerminal |= IsTerminal();
            _isItemDone = IsWord("response.output_item.done"u8);
            _isErrorEvent = IsWord("error"u8);
            reading.IsError |= _isErrorEvent;
        }
        else if (_json.ValueTextEquals("choices"u8))
        {
            _json.Read();
            if (_json.TokenType == JsonTokenType.StartArray) Choices(ref reading);
            else _json.Skip();
        }
        else if (_json.ValueTextEquals("delta"u8)) Delta(ref reading);
        else if (_json.ValueTextEquals("code"u8))
        {
            _json.Read();
            _code = ErrorWords.Of(ref _json);
            _json.Skip();
        }
        else if (_json.ValueTextEquals("response"u8) || _json.ValueTextEquals("message"u8))
        {
            _json.Read();
            if (_json.TokenType == JsonTokenType.StartObject) Envelope(ref reading);
            else _json.Skip();
        }
        else Other(ref reading);
    }

    private void Other(ref UsageReading reading)
    {
        var isModel = _json.ValueTextEquals("model"u8);
        var isTier = _json.ValueTextEquals("service_tier"u8);
        var isError = _json.ValueTextEquals("error"u8);
        var part = _form.PartAt(_json);
        _json.Read();
        if (isModel && _json.TokenType == JsonTokenType.String) Model(ref reading);
        else if (isTier && _json.TokenType == JsonTokenType.String) TierWords.Take(ref _json, ref reading);
        else if (part == PartOfAnswer.All && _json.TokenType == JsonTokenType.StartArray)
            _form.ReadAll(ref _json, ref reading);
        else if (part == PartOfAnswer.One && _json.TokenType == JsonTokenType.StartObject)
            _item = _form.ReadOne(ref _json, ref reading);
        else if (isError && _json.TokenType is JsonTokenType.StartObject or JsonTokenType.String)
            ErrorWords.Read(ref _json, ref reading);
        else _json.Skip();
    }

    // It is read only once, since a stream names it in every chunk.
    private void Model(ref UsageReading reading)
    {
        if (reading.Model is null || !_json.ValueTextEquals(reading.Model))
            reading.Model = AnswerNotes.TextOf(ref _json);
    }

    private readonly bool IsWord(ReadOnlySpan<byte> word) =>
        _json.TokenType == JsonTokenType.String && _json.ValueTextEquals(word);

    private readonly bool IsTerminal() => _json.TokenType == JsonTokenType.String
        && (_json.ValueTextEquals("message_stop"u8) || _json.ValueTextEquals("response.completed"u8)
            || _json.ValueTextEquals("response.incomplete"u8) || _json.ValueTextEquals("response.failed"u8));

    private bool Usage(bool isCount, ref UsageReading reading)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _json.Skip();
            return false;
        }

        _form.ReadUsage(ref _json, isCount, ref reading);
        return true;
    }

    private void Envelope(ref UsageReading reading)
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (!_json.ValueTextEquals("usage"u8))
            {
                Other(ref reading);
                continue;
            }

            _json.Read();
            Usage(_form.CountsFromTheStart, ref reading);
        }
    }

    private void Choices(ref UsageReading reading)
    {
        var depth = _json.CurrentDepth;
        var (choice, isFinished) = (0L, false);
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            _hasChoices = true;
            if (_json.TokenType == JsonTokenType.PropertyName && _json.CurrentDepth == depth + 2)
                Choice(ref reading, ref choice, ref isFinished);
            if (_json.TokenType != JsonTokenType.EndObject || _json.CurrentDepth != depth + 1) continue;
            if (isFinished) reading.Finish(choice);
            (choice, isFinished) = (0, false);
        }
    }

    private void Choice(ref UsageReading reading, ref long choice, ref bool isFinished)
    {
        if (_json.ValueTextEquals("delta"u8))
        {
            Delta(ref reading);
            return;
        }

        var isMessage = _json.ValueTextEquals("message"u8);
        var isIndex = _json.ValueTextEquals("index"u8);
        var isFinish = _json.ValueTextEquals("finish_reason"u8);
        _json.Read();
        if (isMessage && _json.TokenType == JsonTokenType.StartObject)
        {
            Message(ref reading);
            return;
        }

        if (isIndex && _json.TokenType == JsonTokenType.Number && !_json.TryGetInt64(out choice)) choice = 0;
        isFinished |= isFinish && _json.TokenType == JsonTokenType.String && !_json.ValueTextEquals(""u8);
        _json.Skip();
    }

    // Searches are counted by what a whole message cites, since it says in no other place that it searched.
    private void Message(ref UsageReading reading)
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isNotes = _json.ValueTextEquals("annotations"u8);
            _json.Read();
            if (isNotes && _json.TokenType == JsonTokenType.StartArray) Annotations(ref reading);
            else _json.Skip();
        }
    }

    // A citation counts as one search, because chat's search models search once a call and show it only so.
    private void Annotations(ref UsageReading reading)
    {
        var depth = _json.CurrentDepth;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            if (_json.TokenType != JsonTokenType.PropertyName || !_json.ValueTextEquals("type"u8)) continue;
            _json.Read();
            if (IsWord("url_citation"u8))
                reading.Notes = reading.NotesSoFar.WithWhole(OneSearch);
        }
    }

    // A Responses delta is the text itself; the others' are objects, of whose members only some
    // are text that is delivered.
    private void Delta(ref UsageReading reading)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.String) reading.DeliveredBytes += _json.ValueSpan.Length;
        if (_json.TokenType != JsonTokenType.StartObject) return;

        var depth = _json.CurrentDepth;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            if (_json.TokenType == JsonTokenType.String)
            {
                reading.DeliveredBytes += _json.ValueSpan.Length;
            }
            else if (_json.TokenType == JsonTokenType.PropertyName && _json.ValueTextEquals("annotations"u8))
            {
                _json.Read();
                if (_json.TokenType == JsonTokenType.StartArray) Annotations(ref reading);
                else _json.Skip();
            }
            else if (_json.TokenType == JsonTokenType.PropertyName && IsNoText())
            {
                var isStop = _form.StopsInDelta && _json.CurrentDepth == depth + 1
                    && _json.ValueTextEquals("stop_reason"u8);
                _json.Read();
                if (isStop && _json.TokenType == JsonTokenType.String) reading.Finish();
                _json.Skip();
            }
        }
    }

    private readonly bool IsNoText() => _json.ValueTextEquals("role"u8) || _json.ValueTextEquals("type"u8)
        || _json.ValueTextEquals("id"u8) || _json.ValueTextEquals("signature"u8)
        || _json.ValueTextEquals("stop_reason"u8) || _json.ValueTextEquals("stop_sequence"u8);
}
