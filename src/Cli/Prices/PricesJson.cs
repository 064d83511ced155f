using System.Text.Json.Serialization;

namespace Guerdon.Cli.Prices;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ListProvisional.Reply), TypeInfoPropertyName = "ListProvisionalReply")]
[JsonSerializable(typeof(ListProvisional.Group), TypeInfoPropertyName = "ListProvisionalGroup")]
[JsonSerializable(typeof(IReadOnlyList<ListProvisional.Group>), TypeInfoPropertyName = "ListProvisionalGroups")]
[JsonSerializable(typeof(ListPrices.Price), TypeInfoPropertyName = "ListPricesPrice")]
[JsonSerializable(typeof(IReadOnlyList<ListPrices.Price>), TypeInfoPropertyName = "ListPricesPrices")]
[JsonSerializable(typeof(ListPrices.Rates), TypeInfoPropertyName = "ListPricesRates")]
[JsonSerializable(typeof(ProposalVerbs.Prices), TypeInfoPropertyName = "ProposalVerbsPrices")]
[JsonSerializable(typeof(ListPrices.Reply), TypeInfoPropertyName = "ListPricesReply")]
[JsonSerializable(typeof(ImportPrices.Reply), TypeInfoPropertyName = "ImportPricesReply")]
[JsonSerializable(typeof(ProposalVerbs.Full), TypeInfoPropertyName = "ProposalVerbsFull")]
[JsonSerializable(typeof(ProposalVerbs.Line), TypeInfoPropertyName = "ProposalVerbsLine")]
[JsonSerializable(typeof(IReadOnlyList<ProposalVerbs.Line>), TypeInfoPropertyName = "ProposalVerbsLines")]
[JsonSerializable(typeof(ProposalVerbs.Page), TypeInfoPropertyName = "ProposalVerbsPage")]
[JsonSerializable(typeof(ProposalVerbs.Decided), TypeInfoPropertyName = "ProposalVerbsDecided")]
[JsonSerializable(typeof(ApproveProposal.Request), TypeInfoPropertyName = "ApproveProposalRequest")]
[JsonSerializable(typeof(ShowPriceIndex.Reply), TypeInfoPropertyName = "ShowPriceIndexReply")]
[JsonSerializable(typeof(ShowPriceIndex.Row), TypeInfoPropertyName = "ShowPriceIndexRow")]
[JsonSerializable(typeof(IReadOnlyList<ShowPriceIndex.Row>), TypeInfoPropertyName = "ShowPriceIndexRows")]
[JsonSerializable(typeof(ShowPriceIndex.Request), TypeInfoPropertyName = "ShowPriceIndexRequest")]
[JsonSerializable(typeof(ShowPriceIndex.Applied), TypeInfoPropertyName = "ShowPriceIndexApplied")]
internal sealed partial class PricesJson : JsonSerializerContext;
