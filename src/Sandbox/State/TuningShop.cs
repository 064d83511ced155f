using Guerdon.Sandbox.Replies;

namespace Guerdon.Sandbox.State;

/// <summary>An uploaded file: only how long it is. What it says is read and dropped.</summary>
internal sealed record StoredFile(string Id, string Name, long Bytes, string Purpose, long CreatedAt)
{
    /// <summary>A token for every 4 bytes or part of them.</summary>
    public long Tokens => (Bytes + Prompts.TokenRule.BytesPerToken - 1) / Prompts.TokenRule.BytesPerToken;
}

/// <summary>A tuning job. How far it is follows from the time alone.</summary>
internal sealed record TuningRun(
    string Id, string Model, StoredFile File, int Epochs, string? Suffix, IReadOnlyDictionary<string, string> Metadata,
    Directives Faults, DateTimeOffset CreatedAt, DateTimeOffset EndsAt)
{
    public DateTimeOffset? CancelledAt { get; init; }

    public bool IsOver(DateTimeOffset now) => CancelledAt is not null || now >= EndsAt;

    public string Status(DateTimeOffset now) => CancelledAt is not null ? "cancelled"
        : now < EndsAt ? "running"
        : Faults.Fail is null ? "succeeded" : "failed";

    /// <summary>Null until it succeeded, and where the fault asks for it.</summary>
    public long? Trained(DateTimeOffset now) => Status(now) != "succeeded" || Faults.NoUsage || Faults.NullUsage
        ? null
        : Faults.Tokens ?? File.Tokens * Epochs;

    public string? TunedModel(DateTimeOffset now) =>
        Status(now) == "succeeded" ? $"ft:{Model}:sandbox:{Suffix?.Split('[')[0].Trim()}:{Id[^8..]}" : null;
}

/// <summary>Files and jobs of one sandbox, the oldest going first where there are too many.</summary>
internal sealed class TuningShop(SandboxOptions options)
{
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly List<StoredFile> _files = [];
    private readonly List<TuningRun> _runs = [];
    private long _made;

    public StoredFile Keep(string name, long bytes, string purpose)
    {
        lock (_gate)
        {
            var at = options.Clock.GetUtcNow().ToUnixTimeSeconds();
            var file = new StoredFile($"file-sandbox{++_made:x12}", name, bytes, purpose, at);
            Add(_files, file);
            return file;
        }
    }

    public StoredFile? File(string? id)
    {
        lock (_gate) return _files.Find(f => f.Id == id);
    }

    public bool Delete(string id)
    {
        lock (_gate) return _files.RemoveAll(f => f.Id == id) > 0;
    }

    public IReadOnlyList<StoredFile> Files()
    {
        lock (_gate) return [.. _files.AsEnumerable().Reverse()];
    }

    /// <summary>Starts a job, which runs for <see cref="SandboxOptions.TuneFor"/>.</summary>
    public TuningRun Start(
        string model, StoredFile file, int epochs, string? suffix, IReadOnlyDictionary<string, string> metadata,
        Directives faults)
    {
        lock (_gate)
        {
            var now = options.Clock.GetUtcNow();
            var run = new TuningRun($"ftjob-sandbox{++_made:x12}", model, file, epochs, suffix, metadata, faults, now,
                now + options.TuneFor);
            Add(_runs, run);
            return run;
        }
    }

    public TuningRun? Run(string id)
    {
        lock (_gate) return _runs.Find(r => r.Id == id);
    }

    /// <summary>Cancels it unless it is over.</summary>
    public TuningRun? Cancel(string id)
    {
        lock (_gate)
        {
            var at = _runs.FindIndex(r => r.Id == id);
            if (at < 0) return null;
            var now = options.Clock.GetUtcNow();
            if (!_runs[at].IsOver(now)) _runs[at] = _runs[at] with { CancelledAt = now };
            return _runs[at];
        }
    }

    /// <summary>Forgets a job, as providers do some day.</summary>
    public bool Forget(string id)
    {
        lock (_gate) return _runs.RemoveAll(r => r.Id == id) > 0;
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<TuningRun> Runs()
    {
        lock (_gate) return [.. _runs.AsEnumerable().Reverse()];
    }

    private static void Add<T>(List<T> list, T item)
    {
        if (list.Count == Most) list.RemoveAt(0);
        list.Add(item);
    }
}
