using System.Text.Json.Serialization;

namespace Guerdon.Client.Verbs;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Decisions.Decision), TypeInfoPropertyName = "DecisionsDecision")]
[JsonSerializable(typeof(Decisions.Agreement), TypeInfoPropertyName = "DecisionsAgreement")]
[JsonSerializable(typeof(Waiting.Reply), TypeInfoPropertyName = "WaitingReply")]
public sealed partial class SharedJson : JsonSerializerContext;
