using Guerdon.Approvals;
using Guerdon.Kernel;

namespace Guerdon.OpenId.Providers;

/// <summary>Providers that somebody asked for and nobody decided.</summary>
internal sealed class PendingProviders(ProviderRequests requests) : IPendingDecisions
{
    public string Reads => Permissions.SsoRead;

    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        reader.SeesAll ? [.. (await requests.WaitingAsync(most, ct)).Select(Of)] : [];

    private static PendingDecision Of(SignInProvider one) => new(
        "sign-in provider", $"{one.Id}", $"Sign-in with {one.Name}, {one.Issuer}", one.Asked, one.AskedAt)
    {
        Link = "/admin/sso", Command = "guerdon sso list",
    };
}
