using System.Text.Json.Serialization;

namespace Guerdon.Cli.Accounts;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountVerbs.Request), TypeInfoPropertyName = "AccountVerbsRequest")]
[JsonSerializable(typeof(AccountVerbs.Opened), TypeInfoPropertyName = "AccountVerbsOpened")]
[JsonSerializable(typeof(AccountVerbs.Vouching), TypeInfoPropertyName = "AccountVerbsVouching")]
[JsonSerializable(typeof(AccountVerbs.Account), TypeInfoPropertyName = "AccountVerbsAccount")]
[JsonSerializable(typeof(AccountVerbs.Page), TypeInfoPropertyName = "AccountVerbsPage")]
[JsonSerializable(typeof(AccountVerbs.One), TypeInfoPropertyName = "AccountVerbsOne")]
[JsonSerializable(typeof(RoleVerbs.Asked), TypeInfoPropertyName = "RoleVerbsAsked")]
[JsonSerializable(typeof(RoleVerbs.Request), TypeInfoPropertyName = "RoleVerbsRequest")]
[JsonSerializable(typeof(RoleVerbs.Page), TypeInfoPropertyName = "RoleVerbsPage")]
internal sealed partial class AccountsJson : JsonSerializerContext;
