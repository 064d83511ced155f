using Npgsql;

namespace Guerdon.Scim;

/// <summary>Does a change again that the database ended for the sake of another at the same time: two that wait for
/// each other's rows. It has changed nothing by then.</summary>
internal static class Attempts
{
    private const int Most = 4;

    public static async Task<T> RunAsync<T>(Func<Task<T>> change)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await change();
            }
            catch (PostgresException e) when (tries < Most && e.SqlState
                is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // once more; a last failure leaves as 503
            }
        }
    }
}
