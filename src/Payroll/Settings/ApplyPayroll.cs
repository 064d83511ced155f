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
        var text = await PayrollText.ReadAsync(request, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();
        var applied = await PayrollStore.ApplyAsync(db, read.Value, read.Yaml, Access.NameOf(caller), clock, ct);
        return applied.Select(one => new Reply(one.Applied, one.Added)).ToHttp();
    }
}

/// <summary>Payroll settings as they come in: a small text.</summary>
internal static class PayrollText
{
    private static readonly YamlBody Body =
        new("The settings", PayrollRefusals.TooLarge, PayrollRefusals.Invalid) { IsPlural = true };

    /// <summary>The file and the settings it states, or why there are none.</summary>
    public static Task<Result<YamlText<PayrollSettings>>> ReadAsync(HttpRequest request, CancellationToken ct) =>
        Body.ReadAsync(request, PayrollSettingsFile.Read, ct);
}
