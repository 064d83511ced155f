using System.Security.Claims;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Payroll.Settings;

/// <summary>Proposes payroll settings as a new version, which another approves; where there is one administrator alone
/// and <c>Approvals:LoneAdministrator</c> is set, they take effect at once. The newest again adds none.</summary>
internal static class ApplyPayroll
{
    /// <param name="Settings">The version on file.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedPayroll Settings, bool Added);

    internal static async Task<Results<Ok<Reply>, Accepted<InputWaits>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, InputProposals inputs, CancellationToken ct)
    {
        var text = await PayrollText.ReadAsync(request, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();
        var given = new InputGiven("", read.Yaml);
        return (await inputs.ProposeAsync(PayrollInput.Name, given, Actor.Of(caller), ct)).ToHttp<Reply>();
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

    /// <summary>The same of settings that are here already.</summary>
    public static Result<YamlText<PayrollSettings>> Of(string yaml) => Body.Of(yaml, PayrollSettingsFile.Read);
}
