using System.Text.Json;
using Guerdon.Dialects.Readings;

namespace Guerdon.Dialects.Gemini;

/// <summary>Finds usage, delivered text and the finish in Gemini's answers, whole or a chunk: they are alike.</summary>
/// <remarks>
/// Nothing marks a stream's last chunk: one with the usage alone may follow the one that says why the answer ended. So
/// each from that one on may be the last, and counts read before it are not final.
/// </remarks>
internal ref struct GeminiAnswer
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    private Utf8JsonReader _json;

    private GeminiAnswer(ReadOnlySpan<byte> data)
    {
        _json = new Utf8JsonReader(data, Options);
    }

    /// <summary>Reads one object, or each of an array: Google wraps some errors so, also where no stream was asked for.
    /// True where it began with a JSON object.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static bool Read(ReadOnlySpan<byte> data, ref UsageReading reading) =>
        new GeminiAnswer(data).Root(ref reading);

    private bool Root(ref UsageReading reading)
    {
        if (!_json.Read()) return false;
        var isArray = _json.TokenType == JsonTokenType.StartArray;
        if (isArray) _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject) return false;

        do Chunk(ref reading);
        while (isArray && _json.Read() && _json.TokenType == JsonTokenType.StartObject);

        // An account of the input counts the output too, since Google leaves a zero out.
        reading.CountsOutput = reading.HasInput;
        return true;
    }

    private void Chunk(ref UsageReading reading)
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = _json.ValueTextEquals("usageMetadata"u8);
            var isCandidates = _json.ValueTextEquals("candidates"u8);
            var isFeedback = _json.ValueTextEquals("promptFeedback"u8);
            var isModel = _json.ValueTextEquals("modelVersion"u8);
            var isError = _json.ValueTextEquals("error"u8);
            _json.Read();
            if (isUsage && _json.TokenType == JsonTokenType.StartObject) GeminiUsage.Read(ref _json, ref reading);
            else if (isCandidates && _json.TokenType == JsonTokenType.StartArray) Candidates(ref reading);
            else if (isFeedback && _json.TokenType == JsonTokenType.StartObject) Feedback(ref reading);
            else if (isModel && _json.TokenType == JsonTokenType.String) Model(ref reading);
            else if (isError && _json.TokenType is JsonTokenType.StartObject or JsonTokenType.String)
                ErrorWords.Read(ref _json, ref reading);
            else _json.Skip();
        }
    }

    private void Model(ref UsageReading reading)
    {
        if (reading.Model is null || !_json.ValueTextEquals(reading.Model))
            reading.Model = AnswerNotes.TextOf(ref _json);
    }

    private void Candidates(ref UsageReading reading)
    {
        var grounding = default(Grounding);
        while (_json.Read() && _json.TokenType == JsonTokenType.StartObject)
        {
            var (choice, isFinished) = (0L, false);
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
                Candidate(ref reading, ref grounding, ref choice, ref isFinished);
            if (isFinished) reading.Finish(choice);
        }

        grounding.AddTo(ref reading);
    }

    // Without an index it is the first, since Google leaves zeros out.
    private void Candidate(ref UsageReading reading, ref Grounding grounding, ref long choice, ref bool isFinished)
    {
        var isContent = _json.ValueTextEquals("content"u8);
        var isFinish = _json.ValueTextEquals("finishReason"u8);
        var isGrounding = _json.ValueTextEquals("groundingMetadata"u8);
        var isIndex = _json.ValueTextEquals("index"u8);
        _json.Read();
        if (isGrounding && _json.TokenType == JsonTokenType.StartObject) grounding.Read(ref _json);
        else if (isContent && _json.TokenType == JsonTokenType.StartObject) Content(ref reading);
        else
        {
            if (isIndex && _json.TokenType == JsonTokenType.Number && !_json.TryGetInt64(out choice)) choice = 0;
            isFinished |= isFinish && _json.TokenType == JsonTokenType.String && !_json.ValueTextEquals(""u8);
            _json.Skip();
        }
    }

    // The answer is over, because a prompt that is blocked gets no candidate, and nothing after it.
    private void Feedback(ref UsageReading reading)
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isBlock = _json.ValueTextEquals("blockReason"u8);
            _json.Read();
            if (isBlock && _json.TokenType != JsonTokenType.Null) reading.Finish();
            _json.Skip();
        }
    }

    // Text, thoughts and the arguments of calls. A signature is not counted, because its length says nothing of the
    // thoughts that it stands for.
    private void Content(ref UsageReading reading)
    {
        var depth = _json.CurrentDepth;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            if (_json.TokenType == JsonTokenType.String) reading.DeliveredBytes += _json.ValueSpan.Length;
            if (_json.TokenType != JsonTokenType.PropertyName || !IsNoText()) continue;
            _json.Read();
            _json.Skip();
        }
    }

    private readonly bool IsNoText() => _json.ValueTextEquals("role"u8) || _json.ValueTextEquals("thoughtSignature"u8)
        || _json.ValueTextEquals("mimeType"u8) || _json.ValueTextEquals("id"u8);
}
