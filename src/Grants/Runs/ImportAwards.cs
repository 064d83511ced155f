using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Runs;

/// <summary>Prepares many awards from a CSV (<c>person,award,amount_usd,reason</c>), all or none.</summary>
internal static class ImportAwards
{
    internal static async Task<Results<Ok<RunGrants.Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, [AsParameters] Target target, ClaimsPrincipal caller,
        RunContext context, PeopleDirectory people,
        CancellationToken ct) =>
        (await RunAsync(request.Body, target, Actor.Of(caller), context, people, ct)).ToHttp();

    /// <summary>Which run the awards are for.</summary>
    public sealed record Target(string? Plan, string? Period, bool? DryRun = false);

    /// <summary>The import itself, for a page too.</summary>
    /// <returns>The run; else why not, with every row that is wrong.</returns>
    public static async Task<Result<RunGrants.Reply>> RunAsync(
        Stream csv, Target target, Actor by, RunContext context, PeopleDirectory people, CancellationToken ct)
    {
        if (!Period.TryParse(target.Period, out var period))
            return KernelRefusals.PeriodInvalid.With($"'{target.Period}' is not a month from 2020 on.");

        var file = await AwardFile.ReadAsync(csv, ct);
        await CheckAsync(file, await context.PlanAsync(target.Plan ?? "", period, ct), people, ct);
        if (file.Errors.Count > 0)
            return GrantRefusals.AwardInvalid.With($"{Wording.Count(file.Errors.Count, "error")} in the file.") with
            {
                Errors = file.Errors.OrderBy(e => e.Line).ToArray(),
            };

        var asked = new RunGrants.AwardRequest(target.Plan ?? "", target.Period!, file.Asked, target.DryRun ?? false);
        return (await RunGrants.AwardAsync(asked, by, context, people, ct))
            .Select(reply => reply with { ReadAs = file.ReadAs });
    }

    private static async Task CheckAsync(AwardFile file, Plan? plan, PeopleDirectory people, CancellationToken ct)
    {
        for (var i = 0; i < file.Asked.Count; i++)
            if (await people.FindAsync(file.Asked[i].Person, ct) is null)
                file.Errors.Add(new(file.Lines[i], "person", $"Nobody is known as '{file.Asked[i].Person}'."));
        if (plan is null) return; // said when the run is prepared
        foreach (var (item, why) in new AwardList(file.Asked).WrongIn(plan))
            file.Errors.Add(new(file.Lines[item], "award", why));
    }
}
