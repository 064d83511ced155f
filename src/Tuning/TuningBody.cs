using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Dialects;
using Guerdon.Kernel;
using Guerdon.Relay;

namespace Guerdon.Tuning;

/// <summary>What a caller asks to have trained.</summary>
/// <param name="Model">As the caller named it.</param>
/// <param name="TrainingFile">The provider's id.</param>
/// <param name="ValidationFile">The provider's id, if there is one; validating costs nothing.</param>
/// <param name="Epochs">How often each token is trained on: as asked, or the stated number where it
/// was left open.</param>
/// <param name="Body">What is sent upstream, but for the mark of the job.</param>
internal sealed record TuningBody(
    string Model, string TrainingFile, string? ValidationFile, int Epochs, JsonObject Body)
{
    /// <summary>The member of a job's metadata that names it, so that a job whose creation was not answered is
    /// found again.</summary>
    public const string Mark = "guerdon_job";

    private const int MostMetadata = 16; // OpenAI's limit

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private static readonly string[] Known =
    [
        "model", "training_file", "validation_file", "suffix", "seed", "method", "hyperparameters", "metadata",
        "integrations",
    ];

    /// <summary>Reads the body, and writes the epochs into it that are held for.</summary>
    public static Result<TuningBody> Read(ReadOnlySpan<byte> json, TuningOptions options)
    {
        JsonObject body;
        try
        {
            if (TuningJson.Parse(json, Strict) is not { } read)
                return Malformed("The body is not a JSON object.");
            body = read;
            if (TextFault(json) is { } fault) return RelayRefusals.TextInvalid.With($"A text {fault}");
        }
        catch (JsonException e)
        {
            return Malformed($"The body is not valid JSON, or has a member twice: {e.Message}");
        }

        foreach (var (name, value) in body)
            if (!Known.Contains(name))
                return DialectRefusals.Unpriced.With($"'{name}' is not known to Guerdon.");

        if (IsGiven(body["integrations"]))
            return DialectRefusals.Unpriced.With("'integrations' send data to others.");
        body.Remove("integrations");
        if (Text(body["model"]) is not { } model) return Malformed("'model' must be a text.");
        if (Text(body["training_file"]) is not { } file) return Malformed("'training_file' must be a text.");
        if (body["validation_file"] is { } other && Text(other) is null)
            return Malformed("'validation_file' must be a text.");
        if (MetadataProblem(body) is { } metadata) return metadata;

        if (!HyperOf(body).Is(out var hyper, out var wrong)) return wrong;
        if (EpochsOf(hyper, options) is not { } epochs)
            return Malformed($"'n_epochs' must be a whole number from 1 to {options.MaxEpochs}, or \"auto\", "
                + $"which is held for and sent as {options.AutoEpochs}.");
        hyper["n_epochs"] = epochs;
        return new TuningBody(model, file, Text(body["validation_file"]), epochs, body);
    }

    /// <summary>The body to send, with the job's mark.</summary>
    public byte[] ToSend(TuningId id)
    {
        if (Body["metadata"] is not JsonObject metadata) Body["metadata"] = metadata = [];
        metadata[Mark] = id.ToString();
        return JsonSerializer.SerializeToUtf8Bytes(Body);
    }

    // Every text is checked, since all of it is stored as the provider says it again.
    private static string? TextFault(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String
                && InputText.Fault(reader.GetString()) is { } fault)
                return fault;
        return null;
    }

    private static Refused? MetadataProblem(JsonObject body)
    {
        if (body["metadata"] is not { } given) return null;
        if (given is not JsonObject metadata) return Malformed("'metadata' must be an object.");
        if (metadata.ContainsKey(Mark)) return Malformed($"'metadata.{Mark}' is Guerdon's.");
        return metadata.Count >= MostMetadata
            ? Malformed($"'metadata' may have {MostMetadata - 1} members: one more is Guerdon's.")
            : null;
    }

    // Where the epochs are: in the method or, since it was so before there were methods, next to it.
    private static Result<JsonObject> HyperOf(JsonObject body)
    {
        if (body["hyperparameters"] is { } old)
        {
            if (body["method"] is not null)
                return Malformed("Give 'hyperparameters' within 'method', or without one.");
            return old is JsonObject alone ? alone : Malformed("'hyperparameters' must be an object.");
        }

        body.Remove("hyperparameters");
        if (body["method"] is null)
            body["method"] = new JsonObject { ["type"] = "supervised" };
        if (body["method"] is not JsonObject method || Text(method["type"]) is not { } type)
            return Malformed("'method' must be an object with a 'type'.");
        if (type != "supervised" || method.Any(m => m.Key is not ("type" or "supervised") && m.Value is not null))
            return DialectRefusals.Unpriced.With($"Only supervised training is priced, not '{type}'.");
        if (method["supervised"] is null) method["supervised"] = new JsonObject();
        if (method["supervised"] is not JsonObject supervised)
            return Malformed("'method.supervised' must be an object.");
        if (supervised["hyperparameters"] is null) supervised["hyperparameters"] = new JsonObject();
        return supervised["hyperparameters"] is JsonObject hyper
            ? hyper : Malformed("'method.supervised.hyperparameters' must be an object.");
    }

    private static int? EpochsOf(JsonObject hyper, TuningOptions options)
    {
        if (hyper["n_epochs"] is not { } asked || Text(asked) == "auto") return options.AutoEpochs;
        return asked is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && value.TryGetValue<int>(out var epochs) && epochs >= 1 && epochs <= options.MaxEpochs ? epochs : null;
    }

    private static bool IsGiven(JsonNode? node) => node is not (null or JsonArray { Count: 0 });

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is
        { Length: > 0 } text ? text : null;

    private static Refused Malformed(string detail) => DialectRefusals.MalformedBody.With(detail);
}
