using FsCheck;
using FsCheck.Fluent;
using Guerdon.People.Spans;

namespace Guerdon.Unit.People;

public class ManagerLoopsTests
{
    private static readonly DateOnly First = new(2024, 1, 1);

    private static Guid Person(int number) => new(number + 1, 0, 0, new byte[8]);

    private static Reporting Link(int person, int day, int? manager) =>
        new(Person(person), First.AddDays(day), manager is { } m ? Person(m) : null);

    private static readonly Gen<Reporting> Any =
        from person in Gen.Choose(0, 5)
        from day in Gen.Choose(0, 6)
        from manager in Gen.Choose(-2, 5)
        select Link(person, day, manager < 0 || manager == person ? null : manager);

    private static readonly Gen<Reporting[]> Company =
        from links in Any.ListOf()
        select links.DistinctBy(l => (l.Person, l.StartsOn)).OrderBy(l => l.Person).ThenBy(l => l.StartsOn).ToArray();

    /// <summary>Compared with a walk from everybody on every day.</summary>
    [Fact]
    public void Find_AnyCompany_FindsACircleWhereThereIsOne() => Prop.ForAll(Company.ToArbitrary(), links =>
    {
        var expected = Enumerable.Range(0, 8).Where(day => IsCircular(links, First.AddDays(day))).Select(d => (int?)d)
            .FirstOrDefault();
        var found = ManagerLoops.Find(links);
        Assert.Equal(expected is not null, found is not null);
        if (found is not { } circle) return;
        // Each reports to the one after on that day, and the last to the first.
        for (var i = 0; i < circle.People.Count; i++)
            Assert.Equal(circle.People[(i + 1) % circle.People.Count], ManagerOf(links, circle.People[i], circle.Day));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Find_CircleThatALaterLinkCloses_BeginsThen()
    {
        var found = ManagerLoops.Find([Link(0, 0, 1), Link(1, 0, null), Link(1, 5, 2), Link(2, 3, 0)]);
        Assert.Equal((First.AddDays(5), 3), (found!.Value.Day, found.Value.People.Count));
    }

    private static bool IsCircular(Reporting[] links, DateOnly day)
    {
        foreach (var start in links.Select(l => l.Person).Distinct())
        {
            var at = ManagerOf(links, start, day);
            for (var steps = 0; at is not null && steps < 10; steps++)
            {
                if (at == start) return true;
                at = ManagerOf(links, at.Value, day);
            }
        }

        return false;
    }

    private static Guid? ManagerOf(Reporting[] links, Guid person, DateOnly day)
    {
        var own = links.Where(l => l.Person == person).ToList();
        return own.Count == 0 ? null : (own.LastOrDefault(l => l.StartsOn <= day) is { StartsOn.Year: > 1 } then
            ? then : own[0]).Manager;
    }
}
