using System.Text.Json;
using Guerdon.Kernel;

namespace Guerdon.Storage;

/// <summary>What is noted of an act, each text cut to what its column takes. Of a write itself it has neither body nor
/// amount: those are rows of the tables that it wrote, and <c>kernel.change</c> has their digests.</summary>
public sealed record ActRow
{
    private static readonly JsonSerializerOptions AsColumns =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Guid ActId { get; init; }

    /// <summary>Shared by all rows of one request, or of one pass of a schedule.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>To the microsecond.</summary>
    public required DateTimeOffset At { get; init; }

    public string Kind { get; init; } = ActKinds.Write;

    /// <summary>As its account is called; empty: nobody known.</summary>
    public string Who { get => field; init => field = Cut(value, 320); } = "";

    public Guid? AccountId { get; init; }

    public Guid? PersonId { get; init; }

    /// <summary><c>session</c>, <c>token</c>, <c>local</c>, <c>schedule</c> or <c>nobody</c>.</summary>
    public string Means { get; init; } = "nobody";

    /// <summary>Which session or token.</summary>
    public Guid? MeansId { get; init; }

    /// <summary>The roles that they had then.</summary>
    public string Roles { get => field; init => field = Cut(value, 200); } = "";

    public string Address { get => field; init => field = Cut(value, 64); } = "";

    /// <summary>As <c>POST /api/v1/plans</c>, <c>form approve of /admin/…</c>.</summary>
    public string Endpoint { get => field; init => field = Cut(value, 200); } = "";

    public string Permission { get => field; init => field = Cut(value, 64); } = "";

    /// <summary>What the address names, as <c>id=run_…, line=3</c>.</summary>
    public string Subject { get => field; init => field = Cut(value, 300); } = "";

    /// <summary>The person whose page was looked at.</summary>
    public Guid? AboutId { get; init; }

    /// <summary>Of the answer; 0: not known yet.</summary>
    public int Status { get; init; }

    public long Times { get; init; } = 1;

    /// <summary>For one transaction, with an id of its own.</summary>
    public ActStamp Stamp()
    {
        var id = Guid.CreateVersion7(At);
        return new(id, (this with { ActId = id }).Json());
    }

    /// <summary>With members called as the columns.</summary>
    public string Json() => JsonSerializer.Serialize(this, AsColumns);

    // Characters that no text in the database can have become blanks; half a surrogate pair is left out.
    private static string Cut(string text, int most)
    {
        text = string.Concat(text.EnumerateRunes().Select(r => Rune(r.ToString())));
        if (text.Length <= most) return text;
        return char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)] : text[..most];

        static string Rune(string rune) => char.IsControl(rune, 0) ? " " : rune;
    }
}

/// <summary>What kind of thing was done.</summary>
public static class ActKinds
{
    /// <summary>Guarded rows were written, in the transaction of this row.</summary>
    public const string Write = "write";

    /// <summary>A request that may change something was answered, and wrote no guarded row.</summary>
    public const string Answered = "answered";

    public const string Refused = "refused";

    /// <summary>It ended with a fault of the server's.</summary>
    public const string Failed = "failed";

    public const string SignedIn = "signed_in";

    /// <summary>Tried too often.</summary>
    public const string Throttled = "throttled";

    /// <summary>Somebody else's page was read.</summary>
    public const string Looked = "looked";

    public static readonly IReadOnlyList<string> All =
        [Write, Answered, Refused, Failed, SignedIn, Throttled, Looked];
}

/// <summary>A pass of something that is repeated.</summary>
/// <param name="name">Of the job.</param>
/// <param name="clock">Says when.</param>
internal sealed class ScheduleAct(string name, TimeProvider clock) : Act
{
    private readonly Guid _pass = Guid.CreateVersion7(clock.GetUtcNow());

    public override ActStamp Stamp() => new ActRow
    {
        RequestId = _pass, At = clock.NowMicros(), Who = name, Means = "schedule", Endpoint = $"schedule {name}",
    }.Stamp();
}

/// <summary>Somebody at the server's machine, by the command line.</summary>
/// <param name="verb">As typed, without its arguments: <c>account create</c>.</param>
/// <param name="clock">Says when.</param>
public sealed class LocalAct(string verb, TimeProvider clock) : Act
{
    private readonly Guid _run = Guid.CreateVersion7(clock.GetUtcNow());

    public override ActStamp Stamp() => new ActRow
    {
        RequestId = _run, At = clock.NowMicros(), Who = $"local operator {Environment.UserName}", Means = "local",
        Endpoint = $"guerdon {verb}",
    }.Stamp();
}
