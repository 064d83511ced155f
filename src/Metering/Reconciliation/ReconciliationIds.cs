using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Metering.Reconciliation;

/// <summary>A report of a provider that was imported.</summary>
[JsonConverter(typeof(IdConverter<ReportId>))]
internal readonly record struct ReportId(Guid Value) : IId<ReportId>
{
    public static string Prefix => "rpt";
    public static ReportId From(Guid value) => new(value);
    public override string ToString() => Id.Format(this);
}

/// <summary>What a comparison would correct, to be applied once.</summary>
[JsonConverter(typeof(IdConverter<ReconciliationId>))]
internal readonly record struct ReconciliationId(Guid Value) : IId<ReconciliationId>
{
    public static string Prefix => "rec";
    public static ReconciliationId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ReconciliationId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
