using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>
/// Writes acts that no transaction wrote: refusals, sign-ins, requests that changed no guarded row. Those of a known
/// account are written at once, 60 a minute for each; what comes beyond, and all of somebody unknown, is counted for a
/// minute, so that a flood is a few rows. In memory are at most <see cref="MostKnown"/> and <see cref="MostUnknown"/>
/// of these counts, then one for each account or address and kind, <see cref="MostWhoms"/> of either, and one for all
/// others of each kind: whoever fills the room is counted as themselves.
/// </summary>
internal sealed partial class ActLog(
    NpgsqlDataSource db, AccountDirectory accounts, PeopleDirectory people, TimeProvider clock, ILogger<ActLog> log)
{
    internal const int AtOncePerMinute = 60;
    internal const int MostKnown = 500;
    internal const int MostUnknown = 100;
    internal const int MostWhoms = 100;

    private const string InsertSql = """
        insert into host.act
        select r.* from jsonb_array_elements($1::jsonb) as x, jsonb_populate_record(null::host.act, x) as r
        """;

    private const string IsNotedSql = "select exists (select from host.act where request_id = $1)";

    private readonly Throttle _atOnce = new(clock, AtOncePerMinute, TimeSpan.FromMinutes(1), 1_000);
    private readonly Lock _gate = new();
    private Dictionary<Key, ActRow> _counted = [];
    private int _unknown, _addresses, _accounts; // counts of nobody known; of all that one does

    private readonly record struct Key(
        string Kind, Guid? Account, string Typed, string Address, Guid? Means, string Endpoint, string Subject,
        int Status, Guid? About);

    /// <summary>Counts in memory.</summary>
    public int Count
    {
        get { lock (_gate) return _counted.Count; }
    }

    /// <summary>Notes how a request ended, unless it succeeded and a transaction of its own noted it.</summary>
    /// <param name="row">What was done.</param>
    /// <param name="mayBeNoted">Whether there was such a transaction.</param>
    /// <param name="typed">Whose account it should have been, where somebody tried to sign in.</param>
    /// <param name="ct">Stops it.</param>
    public async Task EndAsync(ActRow row, bool mayBeNoted, string typed, CancellationToken ct)
    {
        try
        {
            if (mayBeNoted && row.Status < 400
                && await db.ScalarAsync<bool>(IsNotedSql, [row.RequestId], ct)) return;
            if (row.AccountId is not { } account || _atOnce.Take($"{account}") is not null) Add(row, typed);
            else await WriteAsync([await CompletedAsync(row, typed, ct) ?? row], ct);
        }
        catch (NpgsqlException e)
        {
            Log.NotWritten(log, row.Kind, row.Endpoint, row.AccountId, row.Status, e.Message);
            if (e.IsTransient) Add(row, typed);
        }
    }

    /// <summary>Counts something that is not worth a row each time.</summary>
    /// <param name="row">What was done.</param>
    /// <param name="typed">Who tried to sign in; of a look, at whom.</param>
    public void Add(ActRow row, string typed)
    {
        if (typed.Length > AccountDirectory.MostEmailChars) typed = "";
        typed = row.Kind == ActKinds.Looked ? typed : typed.ToUpperInvariant();
        lock (_gate)
        {
            (var key, row) = Place(row, typed);
            if (_counted.TryGetValue(key, out var before))
                _counted[key] = before with { Times = before.Times + row.Times };
            else
            {
                _counted[key] = row;
                if (row.AccountId is null) _unknown++;
            }
        }
    }

    // By what it is counted: the whole of it; where there is no room, by whom it was of; else by its kind.
    private (Key, ActRow) Place(ActRow row, string typed)
    {
        var exact = KeyOf(row, typed);
        if (_counted.ContainsKey(exact) || !IsFull(row)) return (exact, row);
        var theirs = row with
        {
            Endpoint = "several", Permission = "", Subject = "", AboutId = null, Status = 0, MeansId = null,
        };
        var whom = KeyOf(theirs, "");
        if (_counted.ContainsKey(whom)) return (whom, theirs);
        ref var whoms = ref row.AccountId is null ? ref _addresses : ref _accounts;
        if (whoms < MostWhoms)
        {
            whoms++;
            return (whom, theirs);
        }

        var all = new ActRow { RequestId = row.RequestId, At = row.At, Kind = row.Kind, Endpoint = "several" };
        return (KeyOf(all, ""), all with { Times = row.Times });
    }

    private static Key KeyOf(ActRow row, string typed) => new(
        row.Kind, row.AccountId, typed, row.Address, row.MeansId, row.Endpoint, row.Subject, row.Status, row.AboutId);

    /// <summary>Writes what was counted.</summary>
    /// <returns>How many rows.</returns>
    public async Task<int> FlushAsync(CancellationToken ct)
    {
        Dictionary<Key, ActRow> counted;
        lock (_gate)
        {
            (counted, _counted, _unknown, _addresses, _accounts) = (_counted, [], 0, 0, 0);
        }

        var rows = new List<ActRow>();
        try
        {
            foreach (var (key, row) in counted)
            {
                if (await CompletedAsync(row, key.Typed, ct) is { } whole) rows.Add(whole);
            }

            if (rows.Count > 0) await WriteAsync(rows, ct);
            return rows.Count;
        }
        // Again with the next; not what the database refuses, which would be in the way of all others for good.
        catch (Exception e) when (e is NpgsqlException { IsTransient: true } or OperationCanceledException)
        {
            foreach (var (key, row) in counted) Add(row, key.Typed);
            throw;
        }
    }

    // Null where somebody looked at what is their own, or at nobody.
    private async Task<ActRow?> CompletedAsync(ActRow row, string typed, CancellationToken ct)
    {
        if (typed.Length == 0) return row;
        if (row.Kind == ActKinds.Looked)
            return await people.FindAsync(PersonIn(typed), ct) is { } person && person.Id.Value != row.PersonId
                ? row with { AboutId = person.Id.Value } : null;
        // What was typed may be a secret in the wrong field: only an account's own address is written. Not as who it
        // was: that is what nobody knows.
        return await accounts.FindByEmailAsync(typed, ct) is { } whose
            ? row with { Subject = whose.Email } : row;
    }

    // A wallet has its owner's id.
    private static string PersonIn(string whom) =>
        whom.StartsWith("wal_", StringComparison.Ordinal) ? "prs_" + whom[4..] : whom;

    private bool IsFull(ActRow row) => row.AccountId is null
        ? _unknown >= MostUnknown : _counted.Count - _unknown >= MostKnown;

    private async Task WriteAsync(IReadOnlyCollection<ActRow> rows, CancellationToken ct)
    {
        using var nobody = Acting.As(null);
        var json = $"[{string.Join(',', rows.Select(row => row.Stamp().Row))}]";
        await db.ExecuteAsync(InsertSql, [json], ct);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "An act could not be noted: {Kind} {Endpoint} {Account} {Status}: {Reason}")]
        public static partial void NotWritten(
            ILogger log, string kind, string endpoint, Guid? account, int status, string reason);
    }
}
