using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Settings;

/// <summary>Takes payroll settings into effect as a new version; the newest again adds none.</summary>
internal static class ApplyPayroll
{
    /// <param name="Settings">The version on file.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedPayroll Settings, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var (yaml, settings, problem) = await PayrollText.ReadAsync(request, ct);
        if (settings is null) return problem!;
        var (applied, added, refused) =
            await PayrollStore.ApplyAsync(db, settings, yaml, Access.NameOf(caller), clock, ct);
        return applied is null ? refused!.ToProblem() : TypedResults.Ok(new Reply(applied, added));
    }
}

/// <summary>Payroll settings as they come in: a small text.</summary>
internal static class PayrollText
{
    /// <summary>The file and the settings it states, or the answer that says why there are none.</summary>
    public static async Task<(string Yaml, PayrollSettings? Settings, ProblemHttpResult? Problem)> ReadAsync(
        HttpRequest request, CancellationToken ct)
    {
        if (await SmallBody.ReadAsync(request, ct) is not { } yaml)
            return ("", null, PayrollRefusals.TooLarge.ToProblem("The settings are larger than 64 KB."));
        var (settings, errors) = PayrollSettingsFile.Read(yaml);
        if (settings is not null) return (yaml, settings, null);

        var detail = errors.Count == 1 ? errors[0].Reason : $"The settings have {errors.Count} errors.";
        return (yaml, null, PayrollRefusals.Invalid.ToProblem(detail, errors));
    }
}
