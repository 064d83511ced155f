using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Policies;

/// <summary>A policy as it comes in: a small text.</summary>
internal static class PolicyText
{
    private static readonly YamlBody Body = new("The policy", PolicyRefusals.TooLarge, PolicyRefusals.Invalid);

    /// <summary>The text alone.</summary>
    public static async Task<Result<string>> ReadAsync(HttpRequest request, CancellationToken ct) =>
        (await Body.ReadAsync<string>(request, yaml => (yaml, []), ct)).Select(text => text.Yaml);

    /// <summary>The file and the policy it states, or why there is none.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="prices">What can be called.</param>
    /// <param name="names">The plans and teams there are.</param>
    public static Result<YamlText<Policy>> Of(string yaml, IReadOnlyList<Price> prices, GroupNames names) => Body.Of(
        yaml, text => PolicyFile.Read(text, name => prices.Any(p => p.Provider == name), names));
}
