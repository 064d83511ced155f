using System.Text.Json.Serialization;

namespace Guerdon.Cli.Providers;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SetProvider.Request), TypeInfoPropertyName = "SetProviderRequest")]
[JsonSerializable(typeof(RotateProvider.Request), TypeInfoPropertyName = "RotateProviderRequest")]
[JsonSerializable(typeof(RemoveProvider.Reply), TypeInfoPropertyName = "RemoveProviderReply")]
[JsonSerializable(typeof(ProviderVerbs.Reply), TypeInfoPropertyName = "ProviderVerbsReply")]
[JsonSerializable(typeof(ProviderVerbs.Item), TypeInfoPropertyName = "ProviderVerbsItem")]
[JsonSerializable(typeof(ProviderVerbs.Health), TypeInfoPropertyName = "ProviderVerbsHealth")]
[JsonSerializable(typeof(ProviderVerbs.Key), TypeInfoPropertyName = "ProviderVerbsKey")]
[JsonSerializable(typeof(IReadOnlyList<ProviderVerbs.Item>), TypeInfoPropertyName = "ProviderVerbsList")]
internal sealed partial class ProvidersJson : JsonSerializerContext;
