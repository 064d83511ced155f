using System.Text.Json.Serialization;

namespace Guerdon.Cli.Payroll;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApplyPayroll.Reply), TypeInfoPropertyName = "ApplyPayrollReply")]
[JsonSerializable(typeof(ApplyPayroll.Applied), TypeInfoPropertyName = "ApplyPayrollApplied")]
[JsonSerializable(typeof(CheckPayroll.Reply), TypeInfoPropertyName = "CheckPayrollReply")]
[JsonSerializable(typeof(CheckPayroll.Period), TypeInfoPropertyName = "CheckPayrollPeriod")]
[JsonSerializable(typeof(IReadOnlyList<CheckPayroll.Period>), TypeInfoPropertyName = "CheckPayrollPeriods")]
[JsonSerializable(typeof(ShowAccruals.Reply), TypeInfoPropertyName = "ShowAccrualsReply")]
[JsonSerializable(typeof(ShowAccruals.Line), TypeInfoPropertyName = "ShowAccrualsLine")]
[JsonSerializable(typeof(IReadOnlyList<ShowAccruals.Line>), TypeInfoPropertyName = "ShowAccrualsLines")]
internal sealed partial class PayrollJson : JsonSerializerContext;
