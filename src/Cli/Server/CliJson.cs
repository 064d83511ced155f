using System.Text.Json.Serialization;

namespace Stipend.Cli;

/// <summary>How bodies are written and replies are read. What a record requires, a reply must have.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImportPeople.Reply), TypeInfoPropertyName = "ImportPeopleReply")]
[JsonSerializable(typeof(ImportUsage.Reply), TypeInfoPropertyName = "ImportUsageReply")]
[JsonSerializable(typeof(RunGrants.Request), TypeInfoPropertyName = "RunGrantsRequest")]
[JsonSerializable(typeof(CreateKey.Request), TypeInfoPropertyName = "CreateKeyRequest")]
[JsonSerializable(typeof(CreateKey.Reply), TypeInfoPropertyName = "CreateKeyReply")]
[JsonSerializable(typeof(ShowWallet.Reply), TypeInfoPropertyName = "ShowWalletReply")]
[JsonSerializable(typeof(ShowStatement.Reply), TypeInfoPropertyName = "ShowStatementReply")]
[JsonSerializable(typeof(ListPeople.Page), TypeInfoPropertyName = "ListPeoplePage")]
[JsonSerializable(typeof(ListPrices.Reply), TypeInfoPropertyName = "ListPricesReply")]
internal sealed partial class CliJson : JsonSerializerContext;
