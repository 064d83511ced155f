using System.Text;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Policies;

/// <summary>A policy as it comes in: a small text.</summary>
internal static class PolicyText
{
    private const int MaxBytes = 65_536;

    /// <summary>The file and the policy it states, or the answer that says why there is none.</summary>
    public static async Task<(string Text, Policy? Policy, ProblemHttpResult? Problem)> ReadAsync(
        HttpRequest request, IReadOnlyList<Price> prices, IMemberships members, CancellationToken ct)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > MaxBytes)
            return ("", null, PolicyRefusals.TooLarge.ToProblem("The policy is larger than 64 KB."));

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        var (policy, errors) = PolicyFile.Read(
            text, name => prices.Any(p => p.Provider == name), await members.NamesAsync(ct));
        if (policy is not null) return (text, policy, null);

        var detail = errors.Count == 1 ? errors[0].Reason : $"The policy has {errors.Count} errors.";
        return (text, null, PolicyRefusals.Invalid.ToProblem(detail, errors));
    }
}
