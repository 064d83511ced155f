using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.People;

/// <summary>A person; also the id of their wallet.</summary>
[JsonConverter(typeof(IdConverter<PersonId>))]
public readonly record struct PersonId(Guid Value) : IId<PersonId>
{
    public static string Prefix => "prs";
    public static PersonId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PersonId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
