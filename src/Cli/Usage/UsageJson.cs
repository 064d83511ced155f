using System.Text.Json.Serialization;

namespace Guerdon.Cli.Usage;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImportUsage.Reply), TypeInfoPropertyName = "ImportUsageReply")]
[JsonSerializable(typeof(ShowOverview.Reply), TypeInfoPropertyName = "ShowOverviewReply")]
[JsonSerializable(typeof(ShowOverview.ModelLine), TypeInfoPropertyName = "ShowOverviewModel")]
[JsonSerializable(typeof(IReadOnlyList<ShowOverview.ModelLine>), TypeInfoPropertyName = "ShowOverviewModels")]
[JsonSerializable(typeof(ShowOverview.DayLine), TypeInfoPropertyName = "ShowOverviewDay")]
[JsonSerializable(typeof(IReadOnlyList<ShowOverview.DayLine>), TypeInfoPropertyName = "ShowOverviewDays")]
[JsonSerializable(typeof(ReconcileVerbs.Window), TypeInfoPropertyName = "ReconcileVerbsWindow")]
[JsonSerializable(typeof(ReconcileVerbs.Used), TypeInfoPropertyName = "ReconcileVerbsUsed")]
[JsonSerializable(typeof(IReadOnlyList<ReconcileVerbs.Window>), TypeInfoPropertyName = "ReconcileVerbsWindows")]
[JsonSerializable(typeof(ReconcileImport.Reply), TypeInfoPropertyName = "ReconcileImportReply")]
[JsonSerializable(typeof(ReconcilePreview.Request), TypeInfoPropertyName = "ReconcilePreviewRequest")]
[JsonSerializable(typeof(ReconcilePreview.Reply), TypeInfoPropertyName = "ReconcilePreviewReply")]
[JsonSerializable(typeof(ReconcilePreview.Line), TypeInfoPropertyName = "ReconcilePreviewLine")]
[JsonSerializable(typeof(IReadOnlyList<ReconcilePreview.Line>), TypeInfoPropertyName = "ReconcilePreviewLines")]
[JsonSerializable(typeof(ReconcileReview.Reply), TypeInfoPropertyName = "ReconcileReviewReply")]
[JsonSerializable(typeof(ReconcileApply.Request), TypeInfoPropertyName = "ReconcileApplyRequest")]
[JsonSerializable(typeof(ReconcileApply.Reply), TypeInfoPropertyName = "ReconcileApplyReply")]
[JsonSerializable(typeof(ReconcileDecline.Request), TypeInfoPropertyName = "ReconcileDeclineRequest")]
[JsonSerializable(typeof(ReconcileDecline.Reply), TypeInfoPropertyName = "ReconcileDeclineReply")]
[JsonSerializable(typeof(ReconcileShow.Reply), TypeInfoPropertyName = "ReconcileShowReply")]
[JsonSerializable(typeof(ReconcileShow.Total), TypeInfoPropertyName = "ReconcileShowTotal")]
[JsonSerializable(typeof(IReadOnlyList<ReconcileShow.Total>), TypeInfoPropertyName = "ReconcileShowTotals")]
[JsonSerializable(typeof(ReconcileShow.CostLine), TypeInfoPropertyName = "ReconcileShowCost")]
[JsonSerializable(typeof(IReadOnlyList<ReconcileShow.CostLine>), TypeInfoPropertyName = "ReconcileShowCosts")]
internal sealed partial class UsageJson : JsonSerializerContext;
