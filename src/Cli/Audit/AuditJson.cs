using System.Text.Json.Serialization;

namespace Guerdon.Cli.Audit;

/// <summary>How replies of these verbs are read. What a record requires, a reply must have.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditVerbs.Page), TypeInfoPropertyName = "AuditVerbsPage")]
[JsonSerializable(typeof(AuditVerbs.Entry), TypeInfoPropertyName = "AuditVerbsEntry")]
[JsonSerializable(typeof(IReadOnlyList<AuditVerbs.Entry>), TypeInfoPropertyName = "AuditVerbsEntries")]
internal sealed partial class AuditJson : JsonSerializerContext;
