using System.Text.Json.Serialization;

namespace Guerdon.Cli.Gateway;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApplyPolicy.Reply), TypeInfoPropertyName = "ApplyPolicyReply")]
[JsonSerializable(typeof(ApplyPolicy.Applied), TypeInfoPropertyName = "AppliedPolicy")]
[JsonSerializable(typeof(CheckPolicy.Reply), TypeInfoPropertyName = "CheckPolicyReply")]
[JsonSerializable(typeof(CheckPolicy.Change), TypeInfoPropertyName = "CheckPolicyChange")]
[JsonSerializable(typeof(IReadOnlyList<CheckPolicy.Change>), TypeInfoPropertyName = "CheckPolicyChanges")]
[JsonSerializable(typeof(ShowPolicy.Reply), TypeInfoPropertyName = "ShowPolicyReply")]
[JsonSerializable(typeof(GatewaySwitchVerbs.Request), TypeInfoPropertyName = "GatewaySwitchVerbsRequest")]
[JsonSerializable(typeof(GatewayStopVerbs.Named), TypeInfoPropertyName = "GatewayStopVerbsNamed")]
[JsonSerializable(typeof(GatewaySwitchVerbs.Reply), TypeInfoPropertyName = "GatewaySwitchVerbsReply")]
internal sealed partial class GatewayJson : JsonSerializerContext;
