using System.Collections.Immutable;
using System.Text.Json;
using Guerdon.Dialects.Readings;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Anthropic;

/// <summary>
/// Reads Anthropic's <c>usage</c>, whose input leaves out what was read from or written to the cache.
/// </summary>
internal static class AnthropicUsage
{
    /// <summary>Reads the object that <paramref name="json"/> stands on, to its last token.</summary>
    /// <param name="json">Stands on the object's first token.</param>
    /// <param name="isCount">False for <c>message_start</c>, whose output count is a placeholder.</param>
    /// <param name="reading">Fields that the object has replace those read before.</param>
    public static void Read(ref Utf8JsonReader json, bool isCount, ref UsageReading reading)
    {
        var said = reading with { Input = 0, CacheRead = 0, CacheWrite = 0, CacheWrite5m = 0, CacheWrite1h = 0 };
        var fields = Fields.None;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            fields |= ReadField(ref json, isCount, ref said);
        }

        Merge(said, fields, ref reading);
    }

    /// <summary>The input that was told, each token in one class.</summary>
    public static Usage InputOf(in UsageReading said)
    {
        // What is written for no stated time counts as written for five minutes, since that is Anthropic's default.
        var fiveMinutes = Math.Max(said.CacheWrite - said.CacheWrite1h, said.CacheWrite5m);
        return new Usage(said.Input, said.CacheRead, fiveMinutes, said.CacheWrite1h, 0, 0);
    }

    /// <summary>Input and output that were told, each token in one class.</summary>
    public static Usage Whole(in UsageReading said) => InputOf(said) with
    {
        Output = said.Output,
        Reasoning = Math.Min(said.Reasoning, said.Output),
    };

    [Flags]
    private enum Fields
    {
        None = 0,
        Input = 1,
        CacheRead = 2,
        CacheWrite = 4,
        CacheSplit = 8,
    }

    private static Fields ReadField(ref Utf8JsonReader json, bool isCount, ref UsageReading said)
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
            said.CountsOutput |= isCount;
            return Fields.None;
        }

        if (json.ValueTextEquals("cache_creation"u8)) return ReadSplit(ref json, ref said);
        if (json.ValueTextEquals("output_tokens_details"u8)) ReadDetails(ref json, ref said);
        else if (json.ValueTextEquals("iterations"u8)) ReadIterations(ref json, ref said);
        else if (json.ValueTextEquals("server_tool_use"u8)) ReadTools(ref json, ref said);
        else ReadService(ref json, ref said);
        return Fields.None;
    }

    private static void ReadService(ref Utf8JsonReader json, ref UsageReading said)
    {
        var isTier = json.ValueTextEquals("service_tier"u8);
        var isSpeed = json.ValueTextEquals("speed"u8);
        var isRegion = json.ValueTextEquals("inference_geo"u8);
        if (!isTier && !isSpeed && !isRegion)
        {
            UnknownNumbers.Note(ref json, Doubts.UnknownUsage, "usage.", ref said);
            return;
        }

        json.Read();
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return;
        }

        if (isTier) TierWords.Take(ref json, ref said);
        else if (isSpeed && json.ValueTextEquals("fast"u8))
        {
            if (said.Tier is not (null or ServiceTier.Standard or ServiceTier.Fast)) said.NoteTier($"fast {said.Tier}");
            said.Tier = ServiceTier.Fast;
        }
        else if (isSpeed && !json.ValueTextEquals("standard"u8)) said.NoteTier($"speed {AnswerNotes.TextOf(ref json)}");
        else if (isRegion && !IsAnywhere(ref json)) said.NoteTier($"inference_geo {AnswerNotes.TextOf(ref json)}");
    }

    private static bool IsAnywhere(ref Utf8JsonReader json) => json.ValueTextEquals("not_available"u8)
        || json.ValueTextEquals("global"u8) || json.ValueTextEquals(""u8);

    // Running totals, which count no search that failed, since Anthropic does not bill it.
    private static void ReadTools(ref Utf8JsonReader json, ref UsageReading said)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            HostedTool? tool = json.ValueTextEquals("web_search_requests"u8) ? HostedTool.WebSearch
                : json.ValueTextEquals("web_fetch_requests"u8) ? HostedTool.WebFetch
                : json.ValueTextEquals("code_execution_requests"u8) ? HostedTool.CodeExecution : null;
            if (tool is { } known)
            {
                if (!UsageJson.Count(ref json, out var uses)) NoteUnread(ref json, known, ref said);
                else if (uses > 0 || said.Notes is not null) said.Notes = said.NotesSoFar.WithCounter(known, uses);
            }
            else if (json.ValueTextEquals("tool_search_requests"u8)) // costs its tokens alone
            {
                json.Read();
                json.Skip();
            }
            else
            {
                UnknownNumbers.Note(ref json, Doubts.UnknownTool, "server_tool_use.", ref said);
            }
        }
    }

    // A counter that is there and cannot be read is not none.
    private static void NoteUnread(ref Utf8JsonReader json, HostedTool tool, ref UsageReading said)
    {
        if (json.TokenType is JsonTokenType.Number or JsonTokenType.String && json.ValueSpan is not [(byte)'-', ..])
            said.Note(Doubts.UnknownTool, HostedTools.NameOf(tool), 1);
    }

    private static void ReadIterations(ref Utf8JsonReader json, ref UsageReading said)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        var all = ImmutableArray.CreateBuilder<Iteration>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject) all.Add(ReadIteration(ref json, ref said));
            else json.Skip();
        }

        if (all.Count > 0) said.Notes = said.NotesSoFar.WithIterations(all.ToImmutable());
    }

    private static Iteration ReadIteration(ref Utf8JsonReader json, ref UsageReading said)
    {
        var one = new UsageReading { Notes = said.Notes, Tier = said.Tier };
        var kind = IterationKind.Unknown;
        string? model = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.ValueTextEquals("type"u8);
            if (!isType && !json.ValueTextEquals("model"u8))
            {
                ReadField(ref json, isCount: true, ref one);
                continue;
            }

            json.Read();
            if (json.TokenType == JsonTokenType.String && isType) kind = KindOf(ref json);
            else if (json.TokenType == JsonTokenType.String) model = AnswerNotes.TextOf(ref json);
            else json.Skip();
        }

        (said.Notes, said.Tier) = (one.Notes, one.Tier);
        return new(kind, model, one);
    }

    private static IterationKind KindOf(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("message"u8) || json.ValueTextEquals("fallback_message"u8)) return IterationKind.Main;
        return json.ValueTextEquals("compaction"u8) || json.ValueTextEquals("advisor_message"u8)
            ? IterationKind.Beside : IterationKind.Unknown;
    }

    private static void ReadDetails(ref Utf8JsonReader json, ref UsageReading said)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("thinking_tokens"u8))
                UnknownNumbers.Note(ref json, Doubts.UnknownUsage, "usage.output_tokens_details.", ref said);
            else if (UsageJson.Count(ref json, out var thinking)) said.Reasoning = thinking;
        }
    }

    private static Fields ReadSplit(ref Utf8JsonReader json, ref UsageReading said)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return Fields.None;
        }

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
                UnknownNumbers.Note(ref json, Doubts.UnknownUsage, "usage.cache_creation.", ref said);
            }
        }

        return Fields.CacheSplit;
    }

    // Some servers repeat the input as zeros at the end of a stream. Zeros alone do not replace the input, since they
    // are not an account of it; zeros beside other counts do.
    private static void Merge(in UsageReading said, Fields fields, ref UsageReading reading)
    {
        (reading.Notes, reading.Tier) = (said.Notes, said.Tier);
        reading.Output = said.Output;
        reading.CountsOutput = said.CountsOutput;
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
