using System.Text.Json.Serialization;

namespace Guerdon.Cli.Plans;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApplyPlan.Reply), TypeInfoPropertyName = "ApplyPlanReply")]
[JsonSerializable(typeof(DiffPlan.Reply), TypeInfoPropertyName = "DiffPlanReply")]
[JsonSerializable(typeof(DiffPlan.Effect), TypeInfoPropertyName = "DiffPlanEffect")]
[JsonSerializable(typeof(DiffPlan.Group), TypeInfoPropertyName = "DiffPlanGroup")]
[JsonSerializable(typeof(DiffPlan.Person), TypeInfoPropertyName = "DiffPlanPerson")]
[JsonSerializable(typeof(IReadOnlyList<DiffPlan.Group>), TypeInfoPropertyName = "DiffPlanGroups")]
[JsonSerializable(typeof(IReadOnlyList<DiffPlan.Person>), TypeInfoPropertyName = "DiffPlanPeople")]
[JsonSerializable(typeof(PlanHistory.Reply), TypeInfoPropertyName = "PlanHistoryReply")]
[JsonSerializable(typeof(PlanHistory.Change), TypeInfoPropertyName = "PlanHistoryChange")]
[JsonSerializable(typeof(PlanHistory.Stored), TypeInfoPropertyName = "PlanHistoryVersion")]
[JsonSerializable(typeof(IReadOnlyList<PlanHistory.Change>), TypeInfoPropertyName = "PlanHistoryChanges")]
[JsonSerializable(typeof(IReadOnlyList<PlanHistory.Stored>), TypeInfoPropertyName = "PlanHistoryVersions")]
[JsonSerializable(typeof(ShowPlan.Reply), TypeInfoPropertyName = "ShowPlanReply")]
[JsonSerializable(typeof(ShowPlan.Applied), TypeInfoPropertyName = "ShowPlanApplied")]
[JsonSerializable(typeof(ListPlans.Reply), TypeInfoPropertyName = "ListPlansReply")]
[JsonSerializable(typeof(IReadOnlyList<ShowPlan.Applied>), TypeInfoPropertyName = "ListPlansPlans")]
[JsonSerializable(typeof(PhaseVerbs.Page), TypeInfoPropertyName = "PhaseVerbsPage")]
[JsonSerializable(typeof(PhaseVerbs.State), TypeInfoPropertyName = "PhaseVerbsState")]
[JsonSerializable(typeof(PhaseVerbs.Vote), TypeInfoPropertyName = "PhaseVerbsVote")]
[JsonSerializable(typeof(IReadOnlyList<PhaseVerbs.State>), TypeInfoPropertyName = "PhaseVerbsStates")]
[JsonSerializable(typeof(IReadOnlyList<PhaseVerbs.Vote>), TypeInfoPropertyName = "PhaseVerbsVotes")]
[JsonSerializable(typeof(PhaseVerbs.Proposal), TypeInfoPropertyName = "PhaseVerbsProposal")]
[JsonSerializable(typeof(PhaseVerbs.Ballot), TypeInfoPropertyName = "PhaseVerbsBallot")]
internal sealed partial class PlansJson : JsonSerializerContext;
