using FsCheck;
using FsCheck.Fluent;
using Guerdon.People;
using Guerdon.People.Employees;

namespace Guerdon.Unit.People;

/// <summary>Whom the rows of a file mean, and which addresses may change hands in it.</summary>
public class RowOwnersTests
{
    private static readonly Guid[] People = [.. Enumerable.Range(1, 6).Select(Id)];

    [Fact]
    public void Of_AnyPermutationOfAddresses_FitsAndEverybodyStaysWhoTheyAre() =>
        Prop.ForAll(Gen.Shuffle(People).ToArbitrary(), order =>
        {
            var rows = People.Select((id, i) => Row(i + 2, Address(order[i]), new PersonId(id))).ToList();
            var errors = new RowErrors();
            var owners = RowOwners.Of(rows, Known(), () => Guid.Empty, errors);
            return errors.Count == 0 && owners.Ids.SequenceEqual(People)
                && owners.Changes.Count == order.Where((id, i) => id != People[i]).Count();
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("p2@x.example", false)] // of somebody whom the file does not have
    [InlineData("free@x.example", true)]
    [InlineData("p1@x.example", true)]
    public void Of_OneRow_TakesOnlyWhatIsFree(string email, bool fits)
    {
        var errors = new RowErrors();
        var owners = RowOwners.Of([Row(2, email, new PersonId(Id(1)))], Known(), () => Guid.Empty, errors);

        Assert.Equal(fits, errors.Count == 0);
        Assert.Equal(Id(1), owners.Ids[0]);
        if (fits) return;
        var reason = errors.InOrder[0].Reason;
        Assert.Contains($"Person 1 ({new PersonId(Id(1))})", reason, StringComparison.Ordinal);
        Assert.Contains($"Person 2 ({new PersonId(Id(2))})", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_IdThenNumberThenAddress_FindsThePerson()
    {
        var number = new Guerdon.People.Employees.Identity("payroll_id", "77");
        var known = Known();
        known.ByIdentity.Add(number, Id(3));
        PersonRow[] rows =
        [
            Row(2, "a@x.example", new PersonId(Id(1))),
            Row(3, "b@x.example", null) with { Finding = [number], Others = [number] },
            Row(4, "p2@x.example", null),
            Row(5, "p1@x.example", null), // the first row gives it up: somebody new has it
            Row(6, "new@x.example", null),
        ];
        var (errors, made) = (new RowErrors(), 10);

        var owners = RowOwners.Of(rows, known, () => Id(made++), errors);

        Assert.Empty(errors.InOrder);
        Assert.Equal([Id(1), Id(3), Id(2), Id(10), Id(11)], owners.Ids);
        Assert.Equal(["p1@x.example", "p3@x.example"], owners.Changes.Select(change => change.Was));
    }

    private static KnownPeople Known()
    {
        var known = new KnownPeople();
        foreach (var (id, i) in People.Select((id, i) => (id, i + 1)))
            known.Add(new KnownPerson(id, Address(id), $"Person {i}"));
        return known;
    }

    private static string Address(Guid id) => $"p{Array.IndexOf(People, id) + 1}@x.example";

    private static Guid Id(int n) => new(n, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1);

    private static PersonRow Row(int line, string email, PersonId? id) => new(
        line, email, "Somebody", "Ops", "Engineer", "L4", "US", "CC", new(2020, 1, 1), null, 1, 1, "USD", false, null,
        null)
    {
        Id = id,
    };
}
