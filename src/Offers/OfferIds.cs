using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Offers;

/// <summary>One version of an offer.</summary>
[JsonConverter(typeof(IdConverter<OfferId>))]
public readonly record struct OfferId(Guid Value) : IId<OfferId>
{
    public static string Prefix => "ofr";
    public static OfferId From(Guid value) => new(value);
    public static bool TryParse(string? text, out OfferId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A link to an offer. It opens nothing by itself: the address carries it signed.</summary>
[JsonConverter(typeof(IdConverter<OfferLinkId>))]
public readonly record struct OfferLinkId(Guid Value) : IId<OfferLinkId>
{
    public static string Prefix => "lnk";
    public static OfferLinkId From(Guid value) => new(value);
    public static bool TryParse(string? text, out OfferLinkId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
