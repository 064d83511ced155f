using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.Plans;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Grants.Plans;

/// <summary>A plan as it comes in: a small text.</summary>
internal static class PlanText
{
    private static readonly YamlBody Body = new("The plan", GrantRefusals.PlanTooLarge, GrantRefusals.PlanInvalid);

    /// <summary>The file and the plan it states, or why there is none.</summary>
    /// <param name="request">Its body is the file.</param>
    /// <param name="from">The first day, in place of the file's; null: as the file has it.</param>
    /// <param name="ct">Stops it.</param>
    public static Task<Result<YamlText<Plan>>> ReadAsync(HttpRequest request, DateOnly? from, CancellationToken ct) =>
        Body.ReadAsync(request, PlanFile.Read, ct, from is { } day ? yaml => YamlSettings.WithFrom(yaml, day) : null);

    /// <summary>The same of a plan that is here already.</summary>
    public static Result<YamlText<Plan>> Of(string yaml) => Body.Of(yaml, PlanFile.Read);
}
