using System.Text.Json.Serialization;

namespace Guerdon.Cli.Sso;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SsoVerbs.Request), TypeInfoPropertyName = "SsoVerbsRequest")]
[JsonSerializable(typeof(SsoVerbs.Provider), TypeInfoPropertyName = "SsoVerbsProvider")]
[JsonSerializable(typeof(SsoVerbs.Tested), TypeInfoPropertyName = "SsoVerbsTested")]
[JsonSerializable(typeof(IReadOnlyList<SsoVerbs.Provider>), TypeInfoPropertyName = "SsoVerbsList")]
internal sealed partial class SsoJson : JsonSerializerContext;
