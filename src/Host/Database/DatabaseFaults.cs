using Guerdon.Kernel;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>What a failure of the database is called: away, or changed under the running server.</summary>
internal static class DatabaseFault
{
    /// <summary>The refusal for a failure that no caller can help; null where it is a fault of Guerdon's own.</summary>
    public static Refused? In(Exception fault) => fault switch
    {
        PostgresException e when IsChanged(e) => HostRefusals.DatabaseChanged.With(
            $"PostgreSQL's programs were changed under the running server: {e.MessageText}."),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e =>
            HostRefusals.NoDatabase.With($"Guerdon's role may not do this: {e.MessageText}."),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } =>
            HostRefusals.DatabaseAway.With("The database took longer than a statement may take."),
        PostgresException { IsTransient: false } => null,
        NpgsqlException e => HostRefusals.DatabaseAway.With($"The database does not answer: {e.Message}."),
        _ => null,
    };

    // After an upgrade under a running server a new session loads libraries of the new version, so the file
    // is gone or does not fit.
    private static bool IsChanged(PostgresException e) =>
        e.SqlState == PostgresErrorCodes.UndefinedFile
        || e.MessageText.StartsWith("could not load library", StringComparison.Ordinal)
        || e.MessageText.StartsWith("incompatible library", StringComparison.Ordinal);
}

/// <summary>
/// Answers programs whose request met such a failure: 503 with the cause, not a bare 500. Where the database is, and
/// what its role may do, the log says and no stranger is told.
/// </summary>
internal sealed class DatabaseFaults(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (DatabaseFault.In(exception) is not { } refused) return false;
        if (RefusalForm.Find(httpContext) is { } form)
        {
            await form.Write(Told(refused)).ExecuteAsync(httpContext);
            return true;
        }

        var problem = Told(refused).ToProblem().ProblemDetails;
        httpContext.Response.StatusCode = refused.Refusal.Status;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem });
    }

    private static Refused Told(Refused refused) => refused.Refusal == HostRefusals.DatabaseChanged
        ? refused
        : refused.Refusal.With("The database does not answer.");
}
