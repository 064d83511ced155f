using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Payroll.Files;

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
