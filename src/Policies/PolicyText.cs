using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Policies;

/// <summary>A policy as it comes in: a small text.</summary>
internal static class PolicyText
{
    private static readonly YamlBody Body = new("The policy", PolicyRefusals.TooLarge, PolicyRefusals.Invalid);

    /// <summary>The file and the policy it states, or why there is none.</summary>
    public static async Task<Result<YamlText<Policy>>> ReadAsync(
        HttpRequest request, IReadOnlyList<Price> prices, IMemberships members, CancellationToken ct)
    {
        var names = await members.NamesAsync(ct);
        return await Body.ReadAsync(
            request, text => PolicyFile.Read(text, name => prices.Any(p => p.Provider == name), names), ct);
    }
}
