using Guerdon.Kernel;
using Microsoft.Extensions.Logging;

namespace Guerdon.Scim.Bulk;

/// <summary>
/// The operations of a bulk request, each after those whose resources it names, wherever they stand. Where two name
/// each other, the second is given the id that the first will have.
/// </summary>
/// <param name="operations">In the order of the request.</param>
/// <param name="resources">Does them.</param>
/// <param name="by">Who asks.</param>
/// <param name="most">After so many errors no more is done; null: all is.</param>
/// <param name="clock">For new ids.</param>
/// <param name="log">Hears why an operation failed.</param>
internal sealed partial class BulkRun(
    IReadOnlyList<BulkOperation> operations, BulkResources resources, Actor by, int? most, TimeProvider clock,
    ILogger log)
{
    private readonly BulkOutcome?[] _outcomes = new BulkOutcome?[operations.Count];
    private readonly bool[] _begun = new bool[operations.Count];
    private readonly Guid[] _ids =
        [.. operations.Select(_ => Id.New<ScimUserId>(clock).Value)];

    private readonly Dictionary<string, int> _named = new(StringComparer.Ordinal);
    private readonly List<(int Who, int Whom, string Id)> _foretold = [];
    private int _errors;

    /// <returns>What came of each; null: it was not done any more.</returns>
    public async Task<IReadOnlyList<BulkOutcome?>> RunAsync(CancellationToken ct)
    {
        for (var i = 0; i < operations.Count; i++)
            if (operations[i].BulkId is { } name && !_named.TryAdd(name, i))
                Note(i, BulkOutcome.No(ScimRefusals.ValueInvalid.With(
                    $"The bulkId '{Wording.Shortened(name)}' is given twice.")));
        for (var i = 0; i < operations.Count && !IsOver; i++) await RunAsync(i, ct);
        foreach (var (who, whom, id) in _foretold) await CorrectAsync(who, whom, id, ct);
        return _outcomes;
    }

    private bool IsOver => _errors >= most;

    private async Task RunAsync(int at, CancellationToken ct)
    {
        if (_begun[at] || _outcomes[at] is not null) return;
        _begun[at] = true;
        var operation = operations[at];
        foreach (var name in operation.References())
            if (_named.TryGetValue(name, out var other) && other != at && !IsOver) await RunAsync(other, ct);
        if (IsOver) return;

        var missing = operation.References().FirstOrDefault(name => IdOf(name) is null);
        if (missing is not null)
        {
            Note(at, BulkOutcome.No(ScimRefusals.ValueInvalid.With(
                $"'bulkId:{Wording.Shortened(missing)}' names nothing that was made.")));
            return;
        }

        foreach (var name in operation.References())
            if (_outcomes[_named[name]] is null) _foretold.Add((at, _named[name], IdOf(name)!));
        Note(at, await TryAsync(operation.With(IdOf), _ids[at], ct));
    }

    // What is not done yet, and stands in a circle with whoever asks, will have the id that was made for it.
    private string? IdOf(string name)
    {
        if (!_named.TryGetValue(name, out var at)) return null;
        if (_outcomes[at] is { } outcome) return outcome.Id;
        return operations[at].Path.Contains("Groups", StringComparison.Ordinal)
            ? $"{new ScimGroupId(_ids[at])}" : $"{new ScimUserId(_ids[at])}";
    }

    // It came out otherwise: the user was there before, or could not be made. The manager follows.
    private async Task CorrectAsync(int who, int whom, string id, CancellationToken ct)
    {
        var actual = _outcomes[whom]?.Id;
        if (actual == id || _outcomes[who]?.Id is not { } user) return;
        try
        {
            await resources.PointAsync(user, id, actual, by, ct);
        }
        catch (Exception e) when (IsFault(e, ct))
        {
            _outcomes[who] = Failed(e);
        }
    }

    // What was done before stays done and has its answer, whatever becomes of one operation.
    private async Task<BulkOutcome> TryAsync(BulkOperation operation, Guid id, CancellationToken ct)
    {
        try
        {
            return await resources.RunAsync(operation, id, by, ct);
        }
        catch (Exception e) when (IsFault(e, ct))
        {
            return Failed(e);
        }
    }

    private BulkOutcome Failed(Exception e)
    {
        Log.Failed(log, e);
        return BulkOutcome.No(ScimRefusals.NotDone.With("The operation failed on the server."));
    }

    private static bool IsFault(Exception e, CancellationToken ct) =>
        e is not OutOfMemoryException && !ct.IsCancellationRequested;

    private void Note(int at, BulkOutcome outcome)
    {
        _outcomes[at] = outcome;
        if (outcome.Refused is not null) _errors++;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "An operation of a bulk request failed.")]
        public static partial void Failed(ILogger log, Exception why);
    }
}
