using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Requests;

/// <summary>Parts of requests on their way into the database and back.</summary>
internal static class PartRows
{
    private static readonly string AppendSql = Sql.Read("Metering/Requests/AppendParts.sql");

    /// <summary>All parts of these records.</summary>
    public static NpgsqlBatchCommand Append(IReadOnlyList<RequestRecord> records)
    {
        var parts = (
            from record in records
            from part in record.Parts.Select((part, place) => (Part: part, Place: (short)(place + 1)))
            select (Record: record, part.Part, part.Place)).ToList();
        var command = new NpgsqlBatchCommand(AppendSql);
        Add(NpgsqlDbType.Uuid, p => p.Record.Wallet.Value);
        Add(NpgsqlDbType.TimestampTz, p => p.Record.StartedAt);
        Add(NpgsqlDbType.Uuid, p => p.Record.Id.Value);
        Add(NpgsqlDbType.Smallint, p => p.Place);
        Add(NpgsqlDbType.Smallint, p => (short)p.Part.Kind);
        Add(NpgsqlDbType.Text, p => p.Part.Name);
        Add(NpgsqlDbType.Uuid, p => p.Part.PriceId);
        Add(NpgsqlDbType.Smallint, p => (short?)p.Part.Tool);
        Add(NpgsqlDbType.Bigint, p => p.Part.Uses);
        Add(NpgsqlDbType.Smallint, p => (short)p.Part.Doubts);
        foreach (var count in Counts) Add(NpgsqlDbType.Bigint, p => count(p.Part.Usage));
        Add(NpgsqlDbType.Numeric, p => (decimal)p.Part.CostFemto);
        return command;

        void Add<T>(NpgsqlDbType type, Func<(RequestRecord Record, RequestPart Part, short Place), T> column) =>
            command.Parameters.Add(Columns.Of(type, parts, column));
    }

    private static readonly Func<Usage, long>[] Counts =
    [
        u => u.Input, u => u.CachedInput, u => u.CacheWrite5m, u => u.CacheWrite1h, u => u.Output, u => u.Reasoning,
        u => u.AudioInput, u => u.ImageInput, u => u.AudioOutput, u => u.ImageOutput,
    ];

    /// <summary>Reads parts from the JSON of their rows, in its order.</summary>
    public static IReadOnlyList<RequestPart> FromJson(string rows)
    {
        using var json = JsonDocument.Parse(rows);
        return [.. json.RootElement.EnumerateArray().Select(PartOf)];
    }

    private static RequestPart PartOf(JsonElement row)
    {
        long Count(string name) => row.GetProperty(name).GetInt64();
        var tool = row.GetProperty("tool");
        return new((PartKind)Count("kind"), row.GetProperty("name").GetString()!, row.GetProperty("price_id").GetGuid())
        {
            Tool = tool.ValueKind == JsonValueKind.Null ? null : (HostedTool)tool.GetInt16(), Uses = Count("uses"),
            Doubts = (Doubts)Count("doubts"),
            Usage = new(
                Count("input"), Count("cached_input"), Count("cache_write_5m"), Count("cache_write_1h"),
                Count("output"), Count("reasoning"))
            {
                AudioInput = Count("audio_input"), ImageInput = Count("image_input"),
                AudioOutput = Count("audio_output"), ImageOutput = Count("image_output"),
            },
            CostFemto = (Int128)row.GetProperty("cost_femto").GetDecimal(),
        };
    }
}
