using System.Text.Json.Serialization;

namespace Guerdon.Cli.People;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImportPeople.Reply), TypeInfoPropertyName = "ImportPeopleReply")]
[JsonSerializable(typeof(ChangeEmail.Request), TypeInfoPropertyName = "ChangeEmailRequest")]
[JsonSerializable(typeof(ChangeEmail.Reply), TypeInfoPropertyName = "ChangeEmailReply")]
[JsonSerializable(typeof(IdentityKindVerbs.Request), TypeInfoPropertyName = "IdentityKindVerbsRequest")]
[JsonSerializable(typeof(ShowHistory.Reply), TypeInfoPropertyName = "ShowHistoryReply")]
[JsonSerializable(typeof(ShowPerson.Reply), TypeInfoPropertyName = "ShowPersonReply")]
[JsonSerializable(typeof(ChangePerson.Request), TypeInfoPropertyName = "ChangePersonRequest")]
[JsonSerializable(typeof(ChangePerson.Reply), TypeInfoPropertyName = "ChangePersonReply")]
[JsonSerializable(typeof(ListPeople.Page), TypeInfoPropertyName = "ListPeoplePage")]
internal sealed partial class PeopleJson : JsonSerializerContext;
