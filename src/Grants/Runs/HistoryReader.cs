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
    private readonly IAsyncEnumerator<(Guid Person, PersonHistory History)> _rows;
    private bool _isOpen;

    private HistoryReader(
        NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlCommand command, CancellationToken ct)
    {
        (_connection, _transaction, _command) = (connection, transaction, command);
        _rows = command.StreamAsync(HistoryOf, ct).GetAsyncEnumerator(ct);
    }

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
        var reader = new HistoryReader(connection, transaction, command, ct);
        reader._isOpen = await reader._rows.MoveNextAsync();
        return reader;
    }

    /// <summary>That of a person; ask in the order of ids.</summary>
    public async ValueTask<PersonHistory> OfAsync(Guid person)
    {
        while (_isOpen && _rows.Current.Person.CompareTo(person) < 0) _isOpen = await _rows.MoveNextAsync();
        return _isOpen && _rows.Current.Person == person ? _rows.Current.History : PersonHistory.None;
    }

    public async ValueTask DisposeAsync()
    {
        await _rows.DisposeAsync();
        await _command.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static (Guid, PersonHistory) HistoryOf(Row row) => (
        row.Uuid("person_id"), new PersonHistory(
            row.Get<string[]>("had"), row.Get<string[]>("unlocked"), row.Bigint("granted_milli"),
            row.Bigint("used_milli")));
}
