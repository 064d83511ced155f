using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Payroll;

/// <summary>One version of the payroll settings.</summary>
[JsonConverter(typeof(IdConverter<PayrollSettingsId>))]
public readonly record struct PayrollSettingsId(Guid Value) : IId<PayrollSettingsId>
{
    public static string Prefix => "pst";
    public static PayrollSettingsId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PayrollSettingsId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One file that payroll got.</summary>
[JsonConverter(typeof(IdConverter<PayrollExportId>))]
public readonly record struct PayrollExportId(Guid Value) : IId<PayrollExportId>
{
    public static string Prefix => "pex";
    public static PayrollExportId From(Guid value) => new(value);
    public static bool TryParse(string? text, out PayrollExportId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One request to convert.</summary>
[JsonConverter(typeof(IdConverter<ConversionId>))]
public readonly record struct ConversionId(Guid Value) : IId<ConversionId>
{
    public static string Prefix => "cnv";
    public static ConversionId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ConversionId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>One claim.</summary>
[JsonConverter(typeof(IdConverter<ClaimId>))]
public readonly record struct ClaimId(Guid Value) : IId<ClaimId>
{
    public static string Prefix => "clm";
    public static ClaimId From(Guid value) => new(value);
    public static bool TryParse(string? text, out ClaimId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
