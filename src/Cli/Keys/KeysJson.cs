using System.Text.Json.Serialization;

namespace Guerdon.Cli.Keys;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateKey.Request), TypeInfoPropertyName = "CreateKeyRequest")]
[JsonSerializable(typeof(CreateKey.Reply), TypeInfoPropertyName = "CreateKeyReply")]
internal sealed partial class KeysJson : JsonSerializerContext;
