using System.Text.Json.Serialization;

namespace Guerdon.Cli.Approvals;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShowApprovals.Reply), TypeInfoPropertyName = "ShowApprovalsReply")]
internal sealed partial class ApprovalsJson : JsonSerializerContext;
