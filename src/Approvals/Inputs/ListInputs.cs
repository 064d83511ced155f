using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Approvals.Inputs;

/// <summary>What was proposed of inputs of payments, and what became of it: what waits first, then what was asked
/// last. Of kinds that the caller may read.</summary>
public static class ListInputs
{
    private const int Most = 200;

    /// <param name="Inputs">At most two hundred.</param>
    public sealed record Reply(IReadOnlyList<InputProposal> Inputs);

    internal static async Task<Ok<Reply>> Handle(
        ClaimsPrincipal caller, NpgsqlDataSource db, IEnumerable<IInput> kinds, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await RunAsync(caller, db, kinds, ct)));

    /// <summary>The same for a page.</summary>
    public static async Task<IReadOnlyList<InputProposal>> RunAsync(
        ClaimsPrincipal caller, NpgsqlDataSource db, IEnumerable<IInput> kinds, CancellationToken ct) =>
        await InputStore.ListAsync(
            db, [.. kinds.Where(kind => Access.MayWithAll(caller, kind.Reads)).Select(kind => kind.Kind)], Most, ct);
}
