using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Kernel;

namespace Guerdon.Tuning;

/// <summary>Jobs and files as OpenAI's dialect has them.</summary>
internal static class TuningJson
{
    /// <summary>What a provider says of a job that matters here.</summary>
    /// <param name="Id">The provider's.</param>
    /// <param name="Status">Such as <c>running</c>.</param>
    /// <param name="Trained">Tokens it was trained on, where that is said.</param>
    /// <param name="Mark">Which job of Guerdon's it is.</param>
    /// <param name="CreatedAt">Seconds since 1970; zero where it is not said.</param>
    public readonly record struct Said(string? Id, string? Status, long? Trained, string? Mark, long CreatedAt)
    {
        public bool IsOver => Status is "succeeded" or "failed" or "cancelled";
    }

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>An object, or null where the bytes are none.</summary>
    public static JsonObject? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return Parse(json, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An object, or null where the bytes are another value.</summary>
    /// <exception cref="JsonException">They are not JSON, or a text in them is not Unicode.</exception>
    public static JsonObject? Parse(ReadOnlySpan<byte> json, JsonDocumentOptions options)
    {
        // Texts are read first. The tree reads values only when they are asked for, which is too late to refuse them;
        // and names while it looks for one that is there twice, where it throws another exception.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = options.MaxDepth });
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String) reader.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"Byte {reader.TokenStartIndex + 1}: the text is not Unicode.", e);
        }

        return JsonNode.Parse(json, documentOptions: options) as JsonObject;
    }

    public static Said SaidIn(JsonObject job) => new(
        Text(job["id"]), Text(job["status"]), Whole(job["trained_tokens"]),
        job["metadata"] is JsonObject metadata ? Text(metadata[TuningBody.Mark]) : null, Whole(job["created_at"]) ?? 0);

    /// <summary>A job as its owner sees it: as the provider last described it, with what it holds and cost.</summary>
    public static JsonObject JobOf(TuningJob job)
    {
        var json = job.Seen is null ? new JsonObject { ["id"] = job.UpstreamId } : JsonNode.Parse(job.Seen)!.AsObject();
        json["guerdon"] = new JsonObject
        {
            ["job"] = job.Id.ToString(), ["epochs"] = job.Epochs, ["bound_tokens"] = job.BoundTokens,
            ["held"] = (job.EndedAt is null ? job.Held : Tokens.Zero).ToString(), ["charged"] = job.Charged?.ToString(),
            ["warning"] = job.Warning,
        };
        return json;
    }

    public static JsonObject FileOf(TuningFile file) => new()
    {
        ["id"] = file.Id, ["object"] = "file", ["bytes"] = file.Bytes, ["filename"] = file.Name,
        ["created_at"] = new DateTimeOffset(file.CreatedAt).ToUnixTimeSeconds(), ["purpose"] = UploadForm.Purpose,
        ["status"] = "processed",
    };

    public static JsonObject List(IEnumerable<JsonObject> items, bool hasMore) => new()
    {
        ["object"] = "list", ["data"] = new JsonArray([.. items]), ["has_more"] = hasMore,
    };

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static long? Whole(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && value.TryGetValue<long>(out var number) && number >= 0 ? number : null;
}
