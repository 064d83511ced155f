using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>Runs checks over a database in which anything may be gone.</summary>
public static class Checks
{
    /// <summary>The findings of a check, ending with what is gone where a table, column or function that
    /// it reads is missing.</summary>
    public static async IAsyncEnumerable<Finding> UnlessGoneAsync(
        string what, IAsyncEnumerable<Finding> findings, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var each = findings.GetAsyncEnumerator(ct);
        Finding? gone = null;
        while (gone is null)
        {
            try
            {
                if (!await each.MoveNextAsync()) yield break;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable
                or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction
                or PostgresErrorCodes.InvalidSchemaName)
            {
                gone = new(what, "", $"it cannot be recomputed: {e.MessageText}");
            }

            yield return gone ?? each.Current;
        }
    }
}
