using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>What people had before, read along with the people: both come in the order of ids.</summary>
internal sealed class HistoryReader : IAsyncDisposable
{
    private static readonly string HistorySql = Sql.Read("Grants/Runs/GrantHistory.sql");

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly NpgsqlCommand command;
    private readonly NpgsqlDataReader row;
    private bool isOpen;

    private HistoryReader(
        NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlCommand command, NpgsqlDataReader row) =>
        (this.connection, this.transaction, this.command, this.row) = (connection, transaction, command, row);

    public static async Task<HistoryReader> OpenAsync(NpgsqlDataSource db, GrantTerms terms, CancellationToken ct)
    {
        var (plan, span) = (terms.Plan, terms.Span);
        var (before, usesUse) = (span.Before, plan.Allowance?.Factors.Usage is not null || plan.Match is not null);
        var connection = await db.OpenConnectionAsync(ct);
        var transaction = await connection.BeginTransactionAsync(ct);
        await Db.WithoutTimeLimitAsync(connection, ct);
        var command = Db.Command(
            connection, HistorySql, plan.Name, $"{terms.Period}", span.Term, before.Term, before.First.First,
            before.Last, usesUse, terms.Period.First);
        command.CommandTimeout = 0; // over all people
        var reader = new HistoryReader(connection, transaction, command, await command.ExecuteReaderAsync(ct));
        reader.isOpen = await reader.row.ReadAsync(ct);
        return reader;
    }

    /// <summary>That of a person; ask in the order of ids.</summary>
    public async ValueTask<PersonHistory> OfAsync(Guid person, CancellationToken ct)
    {
        while (isOpen && row.GetGuid(0).CompareTo(person) < 0) isOpen = await row.ReadAsync(ct);
        return isOpen && row.GetGuid(0) == person
            ? new PersonHistory(
                row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2), row.GetInt64(3), row.GetInt64(4))
            : PersonHistory.None;
    }

    public async ValueTask DisposeAsync()
    {
        await row.DisposeAsync();
        await command.DisposeAsync();
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
