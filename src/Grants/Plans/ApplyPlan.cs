using System.Security.Claims;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Plans;

/// <summary>Proposes a plan as a new version, which another approves; where there is one administrator alone and
/// <c>Approvals:LoneAdministrator</c> is set, it takes effect at once. The newest again adds none.</summary>
public static class ApplyPlan
{
    /// <summary>The kind of input that plans are.</summary>
    internal const string Kind = "plan";

    /// <param name="Plan">The version that is saved.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedPlan Plan, bool Added);

    internal static async Task<Results<Ok<Reply>, Accepted<InputWaits>, ProblemHttpResult>> Handle(
        HttpRequest request, DateOnly? from, ClaimsPrincipal caller, InputProposals inputs, CancellationToken ct)
    {
        var text = await PlanText.ReadAsync(request, from, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();

        var given = new InputGiven(read.Value.Name, read.Yaml);
        return (await inputs.ProposeAsync(Kind, given, Actor.Of(caller), ct)).ToHttp<Reply>();
    }

    /// <summary>Proposes a plan's file, for a page.</summary>
    /// <returns>What waits, or the version that is in effect; or why not, with every error of the file.</returns>
    public static async Task<Result<InputProposals.Outcome>> RunAsync(
        string yaml, Actor by, InputProposals inputs, CancellationToken ct) =>
        PlanText.Of(yaml).Is(out var read, out var no)
            ? await inputs.ProposeAsync(Kind, new InputGiven(read.Value.Name, yaml), by, ct) : no;
}
