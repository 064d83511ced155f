using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Plans;
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

    /// <summary>Whether use matters by a plan.</summary>
    public static bool GoesByUse(Plan plan) => plan.Allowance?.Factors.Usage is not null || plan.Match is not null;

    /// <param name="db">The database.</param>
    /// <param name="terms">The plan and the month.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="usedUntil">The last day whose use is counted; null: all.</param>
    public static async Task<HistoryReader> OpenAsync(
        NpgsqlDataSource db, GrantTerms terms, CancellationToken ct, DateOnly? usedUntil = null)
    {
        var (plan, before) = (terms.Plan, terms.Span.Before);
        var last = usedUntil < before.Last ? usedUntil.Value : before.Last;
        var connection = await db.OpenConnectionAsync(ct);
        var transaction = await connection.BeginTransactionAsync(ct);
        await Db.WithoutTimeLimitAsync(connection, ct);
        var command = Db.Command(
            connection, HistorySql, plan.Name, $"{terms.Period}", terms.Span.Term, before.Term, before.First.First,
            last, GoesByUse(plan), terms.Period.First);
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
