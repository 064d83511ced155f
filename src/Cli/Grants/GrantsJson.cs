using System.Text.Json.Serialization;

namespace Guerdon.Cli.Grants;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunGrants.Reply), TypeInfoPropertyName = "RunGrantsReply")]
[JsonSerializable(typeof(RunGrants.Line), TypeInfoPropertyName = "RunGrantsLine")]
[JsonSerializable(typeof(IReadOnlyList<RunGrants.Line>), TypeInfoPropertyName = "RunGrantsLines")]
[JsonSerializable(typeof(RunGrants.Request), TypeInfoPropertyName = "RunGrantsRequest")]
[JsonSerializable(typeof(CheckVesting.Reply), TypeInfoPropertyName = "CheckVestingReply")]
[JsonSerializable(typeof(CheckVesting.Line), TypeInfoPropertyName = "CheckVestingLine")]
[JsonSerializable(typeof(IReadOnlyList<CheckVesting.Line>), TypeInfoPropertyName = "CheckVestingLines")]
[JsonSerializable(typeof(RunVerbs.Run), TypeInfoPropertyName = "RunVerbsRun")]
[JsonSerializable(typeof(ListRuns.Reply), TypeInfoPropertyName = "ListRunsReply")]
[JsonSerializable(typeof(IReadOnlyList<RunVerbs.Run>), TypeInfoPropertyName = "ListRunsRuns")]
[JsonSerializable(typeof(ShowRun.Page), TypeInfoPropertyName = "ShowRunPage")]
[JsonSerializable(typeof(RunDecisionVerbs.Reason), TypeInfoPropertyName = "RunDecisionVerbsReason")]
[JsonSerializable(typeof(RunDecisionVerbs.Approval), TypeInfoPropertyName = "RunDecisionVerbsApproval")]
[JsonSerializable(typeof(RunGrants.Waiting), TypeInfoPropertyName = "RunGrantsWaiting")]
[JsonSerializable(typeof(IReadOnlyList<RunGrants.Waiting>), TypeInfoPropertyName = "RunGrantsWaitings")]
[JsonSerializable(typeof(VestingFactVerbs.Asked), TypeInfoPropertyName = "VestingFactVerbsAsked")]
[JsonSerializable(typeof(VestingFactVerbs.Page), TypeInfoPropertyName = "VestingFactVerbsPage")]
[JsonSerializable(typeof(VestingFactVerbs.Fact), TypeInfoPropertyName = "VestingFactVerbsFact")]
[JsonSerializable(typeof(IReadOnlyList<VestingFactVerbs.Fact>), TypeInfoPropertyName = "VestingFactVerbsFacts")]
[JsonSerializable(typeof(GiveAward.Request), TypeInfoPropertyName = "GiveAwardRequest")]
[JsonSerializable(typeof(GiveAward.Asked), TypeInfoPropertyName = "GiveAwardAsked")]
[JsonSerializable(typeof(IReadOnlyList<GiveAward.Asked>), TypeInfoPropertyName = "GiveAwardAskeds")]
[JsonSerializable(typeof(TierVerbs.Ask), TypeInfoPropertyName = "TierVerbsAsk")]
[JsonSerializable(typeof(TierVerbs.Decide), TypeInfoPropertyName = "TierVerbsDecide")]
[JsonSerializable(typeof(TierVerbs.Page), TypeInfoPropertyName = "TierVerbsPage")]
[JsonSerializable(typeof(TierVerbs.Request), TypeInfoPropertyName = "TierVerbsRequest")]
[JsonSerializable(typeof(IReadOnlyList<TierVerbs.Request>), TypeInfoPropertyName = "TierVerbsRequests")]
[JsonSerializable(typeof(DepartureVerbs.Page), TypeInfoPropertyName = "DepartureVerbsPage")]
[JsonSerializable(typeof(DepartureVerbs.Departure), TypeInfoPropertyName = "DepartureVerbsDeparture")]
[JsonSerializable(typeof(IReadOnlyList<DepartureVerbs.Departure>), TypeInfoPropertyName = "DepartureVerbsDepartures")]
[JsonSerializable(typeof(DepartureVerbs.Effect), TypeInfoPropertyName = "DepartureVerbsEffect")]
[JsonSerializable(typeof(DepartureVerbs.Line), TypeInfoPropertyName = "DepartureVerbsLine")]
[JsonSerializable(typeof(IReadOnlyList<DepartureVerbs.Line>), TypeInfoPropertyName = "DepartureVerbsLines")]
[JsonSerializable(typeof(DepartureVerbs.Confirming), TypeInfoPropertyName = "DepartureVerbsConfirming")]
[JsonSerializable(typeof(DepartureVerbs.DecliningHeld), TypeInfoPropertyName = "DepartureVerbsDecliningHeld")]
[JsonSerializable(typeof(DepartureVerbs.Held), TypeInfoPropertyName = "DepartureVerbsHeld")]
[JsonSerializable(typeof(DepartureVerbs.HeldOnes), TypeInfoPropertyName = "DepartureVerbsHeldOnes")]
internal sealed partial class GrantsJson : JsonSerializerContext;
