using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Providers;

/// <summary>
/// Gives a provider another key without a failed call: the one before it stays for calls that the new one is refused,
/// until it retires. Rotating to the key that it has, and retiring again, change nothing.
/// </summary>
internal static class RotateProvider
{
    private const int Day = 86_400;
    private const int LongestGrace = 30 * Day;

    /// <param name="Key">The new key.</param>
    /// <param name="GraceSeconds">How long the old one stays; null: a day; 0: not at all.</param>
    public sealed record Request(string? Key, int? GraceSeconds)
    {
        // A record prints its members; the key must not end up in a log.
        public override string ToString() => nameof(RotateProvider);
    }

    internal static async Task<Results<Ok<SetProvider.Reply>, ProblemHttpResult>> Handle(
        string name, Request request, ClaimsPrincipal caller, ProviderChanges changes, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.Key)) return ProviderRefusals.Invalid.ToProblem("ApiKey is missing.");
        var grace = request.GraceSeconds ?? Day;
        if (grace is < 0 or > LongestGrace)
            return ProviderRefusals.Invalid.ToProblem($"The grace must be from 0 to {LongestGrace} seconds.");
        await using var edit = await changes.BeginAsync(caller, ct);
        if (edit.Rows.Find(name) is not { } row) return changes.Missing(name).ToProblem();

        // Where the old key cannot be decrypted there is nothing to keep.
        var old = changes.Book.Open(edit.Rows, row).Settings;
        var (settings, wrong) = SetProvider.Join(new(null, null, null, null, request.Key), row, old);
        if (wrong.Count > 0) return ProviderRefusals.Invalid.ToProblem(string.Join(" ", wrong));
        if (!changes.Book.Safe.IsOpen) return ProviderRefusals.NoKeyFile.ToProblem("This node has no key file.");
        if (old?.ApiKey == request.Key)
            return TypedResults.Ok(new SetProvider.Reply(await changes.ShownAsync(name, ct), false));

        await edit.AddVersionAsync(name, ProviderChange.Rotated, settings, ct);
        if (grace == 0 || old is null) await edit.EraseAllAsync(name, ct);
        else await edit.FirstBecomesSecondAsync(name, changes.Now.AddSeconds(grace), ct);
        await edit.AddKeyAsync(name, changes.Book.Safe.Seal(name, request.Key), KeyMark.Of(request.Key), ct);
        await changes.CommitAsync(edit, ct);
        return TypedResults.Ok(new SetProvider.Reply(await changes.ShownAsync(name, ct), true));
    }

    /// <summary>Erases the old key now.</summary>
    internal static async Task<Results<Ok<SetProvider.Reply>, ProblemHttpResult>> Retire(
        string name, ClaimsPrincipal caller, ProviderChanges changes, CancellationToken ct)
    {
        await using var edit = await changes.BeginAsync(caller, ct);
        if (edit.Rows.Find(name) is not { } row) return changes.Missing(name).ToProblem();
        var hasSecond = edit.Rows.Second(name) is not null;
        if (hasSecond)
        {
            var (settings, _) = SetProvider.Join(new(null, null, null, null, null), row, null);
            await edit.AddVersionAsync(name, ProviderChange.Retired, settings, ct);
            await edit.EraseSecondAsync(name, ct);
            await changes.CommitAsync(edit, ct);
        }

        return TypedResults.Ok(new SetProvider.Reply(await changes.ShownAsync(name, ct), hasSecond));
    }
}
