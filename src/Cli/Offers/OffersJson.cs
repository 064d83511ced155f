using System.Text.Json.Serialization;

namespace Guerdon.Cli.Offers;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OfferVerbs.Stored), TypeInfoPropertyName = "OfferVerbsStored")]
[JsonSerializable(typeof(OfferVerbs.Stages), TypeInfoPropertyName = "OfferVerbsStages")]
[JsonSerializable(typeof(OfferVerbs.Part), TypeInfoPropertyName = "OfferVerbsPart")]
[JsonSerializable(typeof(OfferVerbs.Value), TypeInfoPropertyName = "OfferVerbsValue")]
[JsonSerializable(typeof(OfferVerbs.Link), TypeInfoPropertyName = "OfferVerbsLink")]
[JsonSerializable(typeof(IReadOnlyList<OfferVerbs.Stored>), TypeInfoPropertyName = "OfferVerbsStoredList")]
[JsonSerializable(typeof(IReadOnlyList<OfferVerbs.Part>), TypeInfoPropertyName = "OfferVerbsParts")]
[JsonSerializable(typeof(IReadOnlyList<OfferVerbs.Value>), TypeInfoPropertyName = "OfferVerbsValues")]
[JsonSerializable(typeof(IReadOnlyList<OfferVerbs.Link>), TypeInfoPropertyName = "OfferVerbsLinks")]
[JsonSerializable(typeof(CreateOffer.Reply), TypeInfoPropertyName = "CreateOfferReply")]
[JsonSerializable(typeof(ListOffers.Reply), TypeInfoPropertyName = "ListOffersReply")]
[JsonSerializable(typeof(ShowOffer.Reply), TypeInfoPropertyName = "ShowOfferReply")]
[JsonSerializable(typeof(CompareOffers.Request), TypeInfoPropertyName = "CompareOffersRequest")]
[JsonSerializable(typeof(CompareOffers.Reply), TypeInfoPropertyName = "CompareOffersReply")]
[JsonSerializable(typeof(CompareOffers.Compared), TypeInfoPropertyName = "CompareOffersCompared")]
[JsonSerializable(typeof(CompareOffers.Row), TypeInfoPropertyName = "CompareOffersRow")]
[JsonSerializable(typeof(IReadOnlyList<CompareOffers.Row>), TypeInfoPropertyName = "CompareOffersRows")]
[JsonSerializable(typeof(LinkOffer.Request), TypeInfoPropertyName = "LinkOfferRequest")]
[JsonSerializable(typeof(LinkOffer.Reply), TypeInfoPropertyName = "LinkOfferReply")]
[JsonSerializable(typeof(ShowListing.Reply), TypeInfoPropertyName = "ShowListingReply")]
internal sealed partial class OffersJson : JsonSerializerContext;
