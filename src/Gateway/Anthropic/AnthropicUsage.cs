using System.Text.Json;

namespace Stipend.Gateway;

/// <summary>
/// Reads Anthropic's <c>usage</c>, whose input leaves out what was read from or written to the cache.
/// </summary>
internal static class AnthropicUsage
{
    /// <summary>Reads the object that <paramref name="json"/> stands on, to its last token.</summary>
    /// <param name="json">Stands on the object's first token.</param>
    /// <param name="isFinal">False for <c>message_start</c>, whose output count is a placeholder.</param>
    /// <param name="reading">Fields that the object has replace those read before.</param>
    public static void Read(ref Utf8JsonReader json, bool isFinal, ref UsageReading reading)
    {
        var said = reading with { Input = 0, CacheRead = 0, CacheWrite = 0, CacheWrite5m = 0, CacheWrite1h = 0 };
        var fields = Fields.None;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            fields |= ReadField(ref json, isFinal, ref said);
        }

        Merge(said, fields, ref reading);
    }

    [Flags]
    private enum Fields
    {
        None = 0,
        Input = 1,
        CacheRead = 2,
        CacheWrite = 4,
        CacheSplit = 8,
    }

    private static Fields ReadField(ref Utf8JsonReader json, bool isFinal, ref UsageReading said)
    {
        if (json.ValueTextEquals("input_tokens"u8))
        {
            if (!UsageJson.Count(ref json, out var input)) return Fields.None;
            said.Input = input;
            return Fields.Input;
        }

        if (json.ValueTextEquals("cache_read_input_tokens"u8))
        {
            if (!UsageJson.Count(ref json, out var read)) return Fields.None;
            said.CacheRead = read;
            return Fields.CacheRead;
        }

        if (json.ValueTextEquals("cache_creation_input_tokens"u8))
        {
            if (!UsageJson.Count(ref json, out var written)) return Fields.None;
            said.CacheWrite = written;
            return Fields.CacheWrite;
        }

        if (json.ValueTextEquals("output_tokens"u8))
        {
            if (!UsageJson.Count(ref json, out var output)) return Fields.None;
            said.Output = output;
            said.HasOutput |= isFinal;
            return Fields.None;
        }

        var isSplit = json.ValueTextEquals("cache_creation"u8);
        var isDetails = json.ValueTextEquals("output_tokens_details"u8);
        json.Read();
        var isObject = json.TokenType == JsonTokenType.StartObject;
        if (isSplit && isObject) return ReadSplit(ref json, ref said);
        if (isDetails && isObject) ReadDetails(ref json, ref said);
        else json.Skip();
        return Fields.None;
    }

    private static void ReadDetails(ref Utf8JsonReader json, ref UsageReading said)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("thinking_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var thinking)) said.Reasoning = thinking;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static Fields ReadSplit(ref Utf8JsonReader json, ref UsageReading said)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("ephemeral_5m_input_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var fiveMinutes)) said.CacheWrite5m = fiveMinutes;
            }
            else if (json.ValueTextEquals("ephemeral_1h_input_tokens"u8))
            {
                if (UsageJson.Count(ref json, out var hour)) said.CacheWrite1h = hour;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return Fields.CacheSplit;
    }

    // Some servers repeat the input as zeros at the end of a stream. Zeros alone are not an account of the input, so
    // they do not erase one; zeros beside other counts are.
    private static void Merge(in UsageReading said, Fields fields, ref UsageReading reading)
    {
        reading.Output = said.Output;
        reading.HasOutput = said.HasOutput;
        reading.Reasoning = said.Reasoning;
        var total = said.Input + said.CacheRead + said.CacheWrite + said.CacheWrite5m + said.CacheWrite1h;
        if (total == 0 && reading.HasInput) return;

        if (fields.HasFlag(Fields.Input)) reading.Input = said.Input;
        if (fields.HasFlag(Fields.CacheRead)) reading.CacheRead = said.CacheRead;
        if (fields.HasFlag(Fields.CacheWrite)) reading.CacheWrite = said.CacheWrite;
        if (fields.HasFlag(Fields.CacheSplit))
        {
            reading.CacheWrite5m = said.CacheWrite5m;
            reading.CacheWrite1h = said.CacheWrite1h;
        }

        reading.HasInput |= (fields & (Fields.Input | Fields.CacheRead)) != 0;
    }
}
