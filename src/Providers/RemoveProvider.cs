using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Providers;

/// <summary>Removes a provider on every node and erases its keys. Calls in flight end.</summary>
internal static class RemoveProvider
{
    /// <param name="Name">Which.</param>
    /// <param name="ConfigurationHolds">Configuration has one of this name, which is called from now on.</param>
    public sealed record Reply(string Name, bool ConfigurationHolds);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string name, ClaimsPrincipal caller, ProviderChanges changes, CancellationToken ct)
    {
        await using var edit = await changes.BeginAsync(caller, ct);
        if (edit.Rows.Find(name) is not { } row) return changes.Missing(name);

        var (settings, _) = SetProvider.Join(new(null, null, null, null, null), row, null);
        await edit.AddVersionAsync(name, ProviderChange.Removed, settings, ct);
        await edit.EraseAllAsync(name, ct);
        await changes.CommitAsync(edit, ct);
        return TypedResults.Ok(new Reply(name, changes.Book.Configured.ContainsKey(name)));
    }
}
