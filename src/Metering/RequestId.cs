using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Metering;

/// <summary>One request, given by Guerdon: a provider's own ids are not unique.</summary>
[JsonConverter(typeof(IdConverter<RequestId>))]
public readonly record struct RequestId(Guid Value) : IId<RequestId>
{
    public static string Prefix => "req";
    public static RequestId From(Guid value) => new(value);
    public static bool TryParse(string? text, out RequestId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
