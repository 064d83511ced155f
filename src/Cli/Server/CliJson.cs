using System.Text.Json.Serialization;

namespace Stipend.Cli;

/// <summary>How bodies are written and replies are read. What a record requires, a reply must have.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImportPeople.Reply), TypeInfoPropertyName = "ImportPeopleReply")]
[JsonSerializable(typeof(ImportUsage.Reply), TypeInfoPropertyName = "ImportUsageReply")]
[JsonSerializable(typeof(ApplyPlan.Reply), TypeInfoPropertyName = "ApplyPlanReply")]
[JsonSerializable(typeof(RunGrants.Reply), TypeInfoPropertyName = "RunGrantsReply")]
[JsonSerializable(typeof(RunGrants.Line), TypeInfoPropertyName = "RunGrantsLine")]
[JsonSerializable(typeof(ShowStatement.Line), TypeInfoPropertyName = "ShowStatementLine")]
[JsonSerializable(typeof(IReadOnlyList<RunGrants.Line>), TypeInfoPropertyName = "RunGrantsLines")]
[JsonSerializable(typeof(IReadOnlyList<ShowStatement.Line>), TypeInfoPropertyName = "ShowStatementLines")]
[JsonSerializable(typeof(RunGrants.Request), TypeInfoPropertyName = "RunGrantsRequest")]
[JsonSerializable(typeof(CreateKey.Request), TypeInfoPropertyName = "CreateKeyRequest")]
[JsonSerializable(typeof(CreateKey.Reply), TypeInfoPropertyName = "CreateKeyReply")]
[JsonSerializable(typeof(ShowWallet.Reply), TypeInfoPropertyName = "ShowWalletReply")]
[JsonSerializable(typeof(ShowStatement.Reply), TypeInfoPropertyName = "ShowStatementReply")]
[JsonSerializable(typeof(ListPeople.Page), TypeInfoPropertyName = "ListPeoplePage")]
[JsonSerializable(typeof(ListPrices.Reply), TypeInfoPropertyName = "ListPricesReply")]
[JsonSerializable(typeof(PriceProposal.Full), TypeInfoPropertyName = "PriceProposalFull")]
[JsonSerializable(typeof(PriceProposal.Line), TypeInfoPropertyName = "PriceProposalLine")]
[JsonSerializable(typeof(IReadOnlyList<PriceProposal.Line>), TypeInfoPropertyName = "PriceProposalLines")]
[JsonSerializable(typeof(PriceProposal.Page), TypeInfoPropertyName = "PriceProposalPage")]
[JsonSerializable(typeof(PriceProposal.Decided), TypeInfoPropertyName = "PriceProposalDecided")]
[JsonSerializable(typeof(ApproveProposal.Request), TypeInfoPropertyName = "ApproveProposalRequest")]
[JsonSerializable(typeof(DeclineProposal.Request), TypeInfoPropertyName = "DeclineProposalRequest")]
[JsonSerializable(typeof(ShowPriceIndex.Reply), TypeInfoPropertyName = "ShowPriceIndexReply")]
[JsonSerializable(typeof(ShowPriceIndex.Row), TypeInfoPropertyName = "ShowPriceIndexRow")]
[JsonSerializable(typeof(IReadOnlyList<ShowPriceIndex.Row>), TypeInfoPropertyName = "ShowPriceIndexRows")]
[JsonSerializable(typeof(ShowPriceIndex.Request), TypeInfoPropertyName = "ShowPriceIndexRequest")]
[JsonSerializable(typeof(ShowPriceIndex.Applied), TypeInfoPropertyName = "ShowPriceIndexApplied")]
[JsonSerializable(typeof(ApplyPolicy.Reply), TypeInfoPropertyName = "ApplyPolicyReply")]
[JsonSerializable(typeof(ApplyPolicy.Applied), TypeInfoPropertyName = "AppliedPolicy")]
[JsonSerializable(typeof(CheckPolicy.Reply), TypeInfoPropertyName = "CheckPolicyReply")]
[JsonSerializable(typeof(CheckPolicy.Change), TypeInfoPropertyName = "CheckPolicyChange")]
[JsonSerializable(typeof(IReadOnlyList<CheckPolicy.Change>), TypeInfoPropertyName = "CheckPolicyChanges")]
[JsonSerializable(typeof(ShowPolicy.Reply), TypeInfoPropertyName = "ShowPolicyReply")]
[JsonSerializable(typeof(GatewaySwitch.Request), TypeInfoPropertyName = "GatewaySwitchRequest")]
[JsonSerializable(typeof(GatewaySwitch.Reply), TypeInfoPropertyName = "GatewaySwitchReply")]
internal sealed partial class CliJson : JsonSerializerContext;
