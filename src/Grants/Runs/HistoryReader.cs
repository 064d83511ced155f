using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Grants.Runs;

/// <summary>What people had before, read along with the people: both come in the order of ids.</summary>
internal sealed class HistoryReader : IAsyncDisposable
{
    private static readonly string HistorySql = Sql.Read("Grants/Runs/GrantHistory.sql");

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly NpgsqlCommand _command;
    private readonly NpgsqlDataReader _row;
    private bool _isOpen;

    private HistoryReader(
        NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlCommand command, NpgsqlDataReader row) =>
        (_connection, _transaction, _command, _row) = (connection, transaction, command, row);

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
        reader._isOpen = await reader._row.ReadAsync(ct);
        return reader;
    }

    /// <summary>That of a person; ask in the order of ids.</summary>
    public async ValueTask<PersonHistory> OfAsync(Guid person, CancellationToken ct)
    {
        while (_isOpen && _row.GetGuid(0).CompareTo(person) < 0) _isOpen = await _row.ReadAsync(ct);
        return _isOpen && _row.GetGuid(0) == person
            ? new PersonHistory(
                _row.GetFieldValue<string[]>(1), _row.GetFieldValue<string[]>(2), _row.GetInt64(3), _row.GetInt64(4))
            : PersonHistory.None;
    }

    public async ValueTask DisposeAsync()
    {
        await _row.DisposeAsync();
        await _command.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
