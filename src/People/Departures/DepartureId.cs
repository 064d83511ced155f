using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.People.Departures;

/// <summary>A proposal that somebody leaves.</summary>
[JsonConverter(typeof(IdConverter<DepartureId>))]
public readonly record struct DepartureId(Guid Value) : IId<DepartureId>
{
    public static string Prefix => "dep";
    public static DepartureId From(Guid value) => new(value);
    public static bool TryParse(string? text, out DepartureId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
