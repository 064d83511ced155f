using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>Whether something is computed from people, or can be by now: then what is on file of them is an input of
/// payments, and takes two. Implemented above, by whichever module computes something.</summary>
public interface IComputedFromPeople
{
    /// <summary>Whether there is anything that pays people by what is on file of them.</summary>
    /// <param name="at">The caller's connection, in its transaction.</param>
    /// <param name="ct">Stops it.</param>
    Task<bool> AnyAsync(NpgsqlConnection at, CancellationToken ct);
}
