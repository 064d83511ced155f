using System.Text.Json.Serialization;

namespace Guerdon.Cli.Notices;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShowNotices.Request), TypeInfoPropertyName = "ShowNoticesRequest")]
[JsonSerializable(typeof(NoticeChoiceVerbs.Request), TypeInfoPropertyName = "NoticeChoiceVerbsRequest")]
[JsonSerializable(typeof(DeliveryVerbs.Again), TypeInfoPropertyName = "DeliveryVerbsAgain")]
internal sealed partial class NoticesJson : JsonSerializerContext;
