using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Pricing.Proposals;

/// <summary>A proposal to change the price book.</summary>
[JsonConverter(typeof(IdConverter<ProposalId>))]
public readonly record struct ProposalId(Guid Value) : IId<ProposalId>
{
    public static string Prefix => "ppl";
    public static ProposalId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ProposalId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
