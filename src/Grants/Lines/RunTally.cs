using Guerdon.People;
using Guerdon.People.Employees;

namespace Guerdon.Grants.Lines;

/// <summary>Somebody who got nothing, and why.</summary>
public sealed record SkippedPerson(PersonId Person, string Email, string Reason);

/// <summary>What a run comes to, added up as people pass.</summary>
internal sealed class RunTally
{
    private const int Shown = 500;
    private readonly List<SkippedPerson> _skips = [];

    /// <summary>Everybody employed in the period.</summary>
    public int People { get; private set; }

    public int Lines { get; private set; }
    public int Skipped { get; private set; }
    public int HadBefore { get; private set; }
    public long TotalMilli { get; private set; }
    public long TotalUsdNanos { get; private set; }

    /// <summary>The first five hundred of those skipped.</summary>
    public IReadOnlyList<SkippedPerson> Skips => _skips;

    public void Add(Person person, Outcome outcome)
    {
        People++;
        if (outcome.HadBefore) HadBefore++;
        if (outcome.Skipped is { } reason)
        {
            Skipped++;
            if (_skips.Count < Shown) _skips.Add(new SkippedPerson(person.Id, person.Email, reason));
        }

        foreach (var line in outcome.Lines)
        {
            Lines++;
            TotalMilli = checked(TotalMilli + line.Amount.Tokens.Milli);
            TotalUsdNanos = checked(TotalUsdNanos + line.Amount.Money.Nanos);
        }
    }
}
