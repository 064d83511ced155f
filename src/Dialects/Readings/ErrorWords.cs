using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Guerdon.Dialects.Readings;

/// <summary>Whose doing an error is that stands in place of an answer, or in the midst of one.</summary>
public enum Fault
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>It is about what was asked, as a status from 400 to 499 would be.</summary>
    OfRequest,

    /// <summary>The provider failed, as a status of 500 or more would say.</summary>
    OfProvider,
}

/// <summary>Reads errors that come with a good status: by the provider's own words for them.</summary>
internal static class ErrorWords
{
    // In error.type, error.code and error.status. Sources: the error guides of OpenAI, Anthropic, Google, Mistral and
    // OpenRouter. Only these words make it the provider's; whatever other word there is, is about the request.
    private static readonly FrozenSet<string> OfProvider = new[]
    {
        "server_error", "internal_server_error", "internal_error", "internal", "api_error", "overloaded_error",
        "overloaded", "server_overloaded", "model_overloaded", "engine_overloaded", "engine_overloaded_error",
        "service_unavailable", "service_unavailable_error", "unavailable", "bad_gateway", "gateway_timeout", "timeout",
        "timeout_error", "deadline_exceeded", "unknown", "unknown_error", "upstream_error", "provider_error",
        "backend_error",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the error that the reader stands on, to its last token: an object, or a text.</summary>
    public static void Read(ref Utf8JsonReader json, ref UsageReading reading)
    {
        reading.IsError = true;
        var said = Fault.None;
        if (json.TokenType != JsonTokenType.StartObject) json.Skip();
        else
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                said = Worse(said, Member(ref json));
        Note(ref reading, said);
    }

    /// <summary>Takes note of an error. One that no word says anything of is the provider's.</summary>
    public static void Note(ref UsageReading reading, Fault said) =>
        reading.Fault = Worse(reading.Fault, said == Fault.None ? Fault.OfProvider : said);

    /// <summary>What the word or status says that the reader stands on; none where it is neither.</summary>
    public static Fault Of(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number)
            return !json.TryGetDouble(out var status) || status <= 0 ? Fault.None : OfStatus(status);
        if (json.TokenType != JsonTokenType.String) return Fault.None;
        var word = AnswerNotes.TextOf(ref json);
        if (word is "" or "error") return Fault.None;
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return OfStatus(code);
        return OfProvider.Contains(word) ? Fault.OfProvider : Fault.OfRequest;
    }

    private static Fault Member(ref Utf8JsonReader json)
    {
        var isWord = json.ValueTextEquals("type"u8) || json.ValueTextEquals("code"u8)
            || json.ValueTextEquals("status"u8);
        json.Read();
        var said = isWord ? Of(ref json) : Fault.None;
        json.Skip();
        return said;
    }

    private static Fault OfStatus(double status) => status >= 500 ? Fault.OfProvider : Fault.OfRequest;

    // A word about the request outweighs, because nobody's request may close a provider to others.
    private static Fault Worse(Fault one, Fault other) => one == Fault.OfRequest || other == Fault.None ? one : other;
}
