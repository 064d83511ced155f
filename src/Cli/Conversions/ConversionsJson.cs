using System.Text.Json.Serialization;

namespace Guerdon.Cli.Conversions;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConversionVerbs.OnStep), TypeInfoPropertyName = "ConversionVerbsOnStep")]
[JsonSerializable(typeof(QuoteConversion.Request), TypeInfoPropertyName = "QuoteConversionRequest")]
[JsonSerializable(typeof(RequestConversion.Request), TypeInfoPropertyName = "RequestConversionRequest")]
internal sealed partial class ConversionsJson : JsonSerializerContext;
