using System.Globalization;
using System.Text.Json;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.People.Spans;
using Npgsql;

namespace Guerdon.People.Proposals;

/// <summary>What somebody gives to be written of people: a file, a change of one person, an address. As a text it
/// begins with a line of its own, which says what it is and on which day it was given.</summary>
/// <param name="Day">When it was given: the first day of whatever names none.</param>
internal abstract record PeopleGiven(DateOnly Day)
{
    protected const string File = "file", Change = "change", Address = "address";

    protected static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Which of these it is.</summary>
    protected abstract string Form { get; }

    /// <summary>What its first line says besides.</summary>
    protected virtual string Note => "";

    /// <summary>What was given.</summary>
    protected abstract string Content { get; }

    /// <summary>All of it, as it is saved until somebody decides it.</summary>
    public string Body => string.Create(CultureInfo.InvariantCulture, $"{Form} {Day.Iso()} {Note}").TrimEnd()
        + $"\n{Content}";

    /// <summary>The first day on which something changes by it.</summary>
    public virtual DateOnly From => Day;

    /// <summary>Those on file whom it can be about, and whoever it names as their managers.</summary>
    /// <param name="at">Where to look them up.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>They, or what is wrong with what was given.</returns>
    public abstract Task<Result<Guid[]>> PeopleAsync(NpgsqlConnection at, CancellationToken ct);

    /// <summary>Writes it, in the caller's transaction and under the lock of imports.</summary>
    /// <param name="at">In that transaction, which the caller rolls back where it is refused.</param>
    /// <param name="maker">Who writes it, and when.</param>
    /// <param name="ct">Stops it.</param>
    public abstract Task<Result<Written>> WriteAsync(NpgsqlConnection at, Maker maker, CancellationToken ct);

    /// <summary>What a proposal was made of.</summary>
    public static PeopleGiven Read(InputGiven given)
    {
        var end = given.Body.IndexOf('\n', StringComparison.Ordinal);
        var (head, content) = (given.Body[..end].Split(' ', 3), given.Body[(end + 1)..]);
        var day = Days.Parse(head[1])!.Value;
        return head[0] switch
        {
            File => new GivenFile(day, head.Length > 2 ? head[2] : "", content),
            Change => GivenChange.Read(day, content),
            Address => GivenAddress.Read(day, content),
            _ => throw new InvalidOperationException($"Nobody gives a '{head[0]}' of people."),
        };
    }
}

/// <summary>What was written of people.</summary>
/// <param name="Reply">As the endpoint answers.</param>
/// <param name="Changed">Those of whom something is other than before.</param>
/// <param name="Made">What it came to, in words.</param>
/// <param name="Subject">What is told apart from other proposals of the same person.</param>
internal sealed record Written(object Reply, IReadOnlyCollection<Guid> Changed, string Made, string Subject);
