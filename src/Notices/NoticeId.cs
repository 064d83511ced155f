using System.Text.Json.Serialization;
using Guerdon.Kernel;
using Guerdon.People;

namespace Guerdon.Notices;

/// <summary>A notice: the same for the same person, kind and subject, so that it is given once.</summary>
[JsonConverter(typeof(IdConverter<NoticeId>))]
public readonly record struct NoticeId(Guid Value) : IId<NoticeId>
{
    public static string Prefix => "ntc";
    public static NoticeId From(Guid value) => new(value);
    public static bool TryParse(string? text, out NoticeId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);

    public static NoticeId Of(PersonId person, NoticeKind kind, string subject) =>
        new(DerivedId.Of($"guerdon/notice/{kind}/{subject}/{person}"));
}
