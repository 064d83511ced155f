using System.Text.Json.Serialization;

namespace Guerdon.Cli.Wallets;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShowStatement.Line), TypeInfoPropertyName = "ShowStatementLine")]
[JsonSerializable(typeof(IReadOnlyList<ShowStatement.Line>), TypeInfoPropertyName = "ShowStatementLines")]
[JsonSerializable(typeof(ShowWallet.Reply), TypeInfoPropertyName = "ShowWalletReply")]
[JsonSerializable(typeof(ShowStatement.Reply), TypeInfoPropertyName = "ShowStatementReply")]
internal sealed partial class WalletsJson : JsonSerializerContext;
