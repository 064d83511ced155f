using System.Security.Claims;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Providers;

/// <summary>Removes a provider on every node and erases its keys. Calls in flight end. Where configuration has one of
/// its name, calls go to that from then on: another approves it first.</summary>
internal static class RemoveProvider
{
    /// <param name="Name">Which.</param>
    /// <param name="ConfigurationHolds">Configuration has one of this name, which is called from now on.</param>
    public sealed record Reply(string Name, bool ConfigurationHolds);

    internal static async Task<Results<Ok<Reply>, Accepted<InputWaits>, ProblemHttpResult>> Handle(
        string name, ClaimsPrincipal caller, ProviderChanges changes, InputProposals inputs, CancellationToken ct)
    {
        await using (var edit = await changes.BeginAsync(caller, ct))
        {
            if (edit.Rows.Find(name) is not { } row) return changes.Missing(name).ToProblem();
            if (!changes.Book.Configured.ContainsKey(name))
            {
                await WriteAsync(edit, row, ct);
                await changes.CommitAsync(edit, ct);
                return TypedResults.Ok(new Reply(name, false));
            }
        }

        var body = new ProviderGiven(changes.Today, ProviderChange.Removed).Body;
        return (await inputs.ProposeAsync(ProviderInput.Name, new(name, body), Actor.Of(caller), ct)).ToHttp<Reply>();
    }

    /// <summary>Writes it; the caller commits.</summary>
    internal static async Task WriteAsync(ProviderStore.Edit edit, ProviderRow row, CancellationToken ct)
    {
        var (settings, _) = SetProvider.Join(new(null, null, null, null, null), row, null);
        await edit.AddVersionAsync(row.Name, ProviderChange.Removed, settings, ct);
        await edit.EraseAllAsync(row.Name, ct);
    }
}
