using Guerdon.Host.Database;
using Npgsql;

namespace Guerdon.Host.Running;

/// <summary>
/// Whether the database takes work: a session that is made for the question, and a function run in it. The sessions of
/// the pool go on long after new ones fail. Asked often or by many, it looks once a second.
/// </summary>
internal sealed class Readiness(Sessions sessions, TimeProvider clock)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private Task<string?>? _last;
    private long _lookedAt;

    /// <summary>Null where it does, else why not.</summary>
    public Task<string?> ProblemAsync()
    {
        lock (_gate)
        {
            if (_last is { IsCompleted: false }) return _last;
            if (_last is not null && clock.GetElapsedTime(_lookedAt) < LookEvery) return _last;
            _lookedAt = clock.GetTimestamp();
            return _last = LookAsync();
        }
    }

    private async Task<string?> LookAsync()
    {
        using var limit = new CancellationTokenSource(AnswerWithin);
        try
        {
            await using var session = await sessions.OpenAsync(limit.Token);
            // An anonymous function, since that loads the language which Guerdon's own are written in.
            await using var run = new NpgsqlCommand("do 'begin end'", session);
            await run.ExecuteNonQueryAsync(limit.Token);
            return null;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            var fault = DatabaseFault.In(e);
            return fault?.Refusal == HostRefusals.DatabaseChanged
                ? $"{fault.Detail} {fault.Refusal.NextStep}"
                : "the database does not answer";
        }
    }
}

/// <summary>Opens a session of its own, outside the pool.</summary>
internal sealed class Sessions(Func<CancellationToken, Task<NpgsqlConnection>> open)
{
    public Task<NpgsqlConnection> OpenAsync(CancellationToken ct) => open(ct);

    /// <summary>Sessions like those of a pool, for a server that asks for no password.</summary>
    public static Func<CancellationToken, Task<NpgsqlConnection>> Of(NpgsqlDataSource pool) => async ct =>
    {
        var one = new NpgsqlConnectionStringBuilder(pool.ConnectionString) { Pooling = false };
        var session = new NpgsqlConnection(one.ConnectionString);
        await session.OpenAsync(ct);
        return session;
    };
}
