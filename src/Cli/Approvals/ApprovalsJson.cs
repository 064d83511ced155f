using System.Text.Json.Serialization;

namespace Guerdon.Cli.Approvals;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShowApprovals.Reply), TypeInfoPropertyName = "ShowApprovalsReply")]
[JsonSerializable(typeof(InputVerbs.Reply), TypeInfoPropertyName = "InputVerbsReply")]
[JsonSerializable(typeof(InputVerbs.Listed), TypeInfoPropertyName = "InputVerbsListed")]
[JsonSerializable(typeof(InputVerbs.Decided), TypeInfoPropertyName = "InputVerbsDecided")]
[JsonSerializable(typeof(InputVerbs.Approval), TypeInfoPropertyName = "InputVerbsApproval")]
[JsonSerializable(typeof(InputVerbs.Refusing), TypeInfoPropertyName = "InputVerbsRefusing")]
internal sealed partial class ApprovalsJson : JsonSerializerContext;
