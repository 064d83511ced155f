using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Plans;

/// <summary>A plan as it comes in: a small text.</summary>
internal static class PlanText
{
    /// <summary>The file and the plan it states, or the answer that says why there is none.</summary>
    /// <param name="request">Its body is the file.</param>
    /// <param name="from">The first day, in place of the file's; null: as the file has it.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<(string Yaml, Plan? Plan, ProblemHttpResult? Problem)> ReadAsync(
        HttpRequest request, DateOnly? from, CancellationToken ct)
    {
        if (await SmallBody.ReadAsync(request, ct) is not { } yaml)
            return ("", null, GrantRefusals.PlanTooLarge.ToProblem("The plan is larger than 64 KB."));
        if (from is { } day) yaml = PlanSettings.WithFrom(yaml, day);
        var (plan, errors) = PlanFile.Read(yaml);
        if (plan is not null) return (yaml, plan, null);

        var detail = errors.Count == 1 ? errors[0].Reason : $"The plan has {errors.Count} errors.";
        return (yaml, null, GrantRefusals.PlanInvalid.ToProblem(detail, errors));
    }
}
