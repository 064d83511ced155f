using System.Numerics;
using Guerdon.Privacy;

namespace Guerdon.Unit.Privacy;

/// <summary>Which sums may be shown: by examples, and by everything that can be computed from what is.</summary>
public sealed class GroupsTests
{
    private const int Tries = 2_000, Computed = 200; // what is computed from a table takes a while

    private static Guid Person(int number) => new(number + 1, 0, 0, new byte[8]);

    private static Share One(int person, long amount, params (string Kind, string Name)[] cells) =>
        new(Person(person), [.. cells.Select(cell => new Cell(cell.Kind, cell.Name))], [amount]);

    // Teams of so many people, each of whom adds as much as the others.
    private static List<Share> Teams(params (string Name, int People)[] teams)
    {
        var (shares, person) = (new List<Share>(), 0);
        foreach (var (name, people) in teams)
            for (var i = 0; i < people; i++) shares.Add(One(person++, 10, ("team", name)));
        return shares;
    }

    private static string Names(IReadOnlySet<Cell> shown) => string.Join(
        ' ', shown.Select(cell => cell == Cell.Whole ? "*" : cell.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("*", 9, 4)] // the four would be the total less the nine
    [InlineData("* A", 6, 4, 2)] // four and two are six, and nobody knows which is which
    [InlineData("*", 6, 3, 1)] // three and one are four
    [InlineData("* A B", 6, 5)]
    [InlineData("* A", 5)]
    [InlineData("", 4)]
    [InlineData("*", 5, 1)] // a team that is everybody but one
    [InlineData("", 1, 1, 1, 1)]
    [InlineData("*", 1, 1, 1, 1, 1)]
    [InlineData("* A B", 8, 7, 4, 1)]
    [InlineData("* A", 8, 7, 4)] // one more is hidden, the smallest
    public void Teams_OfSizes_AreShown(string expected, params int[] sizes) => Assert.Equal(
        expected, Names(Groups.Shown(Teams([.. sizes.Select((size, i) => ($"{(char)('A' + i)}", size))]))));

    [Theory]
    [InlineData(94, "*")] // of 134: 70.1 %
    [InlineData(93, "* A B")] // of 133: 69.9 %
    [InlineData(-94, "*")] // given back
    public void Team_ThatIsNearlyOnePerson_IsNotShown(long most, string expected)
    {
        var shares = Teams(("A", 5), ("B", 9));
        shares[0] = shares[0] with { Amounts = [most] };
        Assert.Equal(expected, Names(Groups.Shown(shares)));
    }

    // Of several figures each could be nearly one person's.
    [Fact]
    public void Dominance_IsOfEachFigure()
    {
        var shares = Enumerable.Range(0, 6).Select(i => new Share(Person(i), [], [10, i == 0 ? 100 : 1])).ToList();
        Assert.Empty(Groups.Shown(shares));
        shares[0] = shares[0] with { Amounts = [10, 5] };
        Assert.Equal("*", Names(Groups.Shown(shares)));
    }

    // What is left beside the parts that are shown is a sum too, and one person could be nearly all of it.
    [Fact]
    public void Rest_ThatIsNearlyOnePerson_IsHiddenWithAnother()
    {
        var shares = Teams(("A", 6), ("B", 7), ("C", 4), ("D", 2));
        Assert.Equal("* A B", Names(Groups.Shown(shares)));
        shares[13] = shares[13] with { Amounts = [500] };
        Assert.Equal("", Names(Groups.Shown(shares)));
        shares[13] = shares[13] with { Amounts = [150] }; // 75 % of 200, and 58 % with A's
        Assert.Equal("* B", Names(Groups.Shown(shares)));
    }

    [Fact]
    public void Nought_IsNobodysShare()
    {
        var shares = Teams(("A", 5), ("B", 6));
        Assert.Equal("* A B", Names(Groups.Shown(shares)));
        shares[2] = shares[2] with { Amounts = [0] };
        Assert.Equal("*", Names(Groups.Shown(shares)));
    }

    // Whoever uses a model beside a team that all use it would be the one less the other.
    [Fact]
    public void Model_OfATeamAndOneMore_IsNotShownBesideTheTeam()
    {
        List<Share> shares =
        [
            .. Enumerable.Range(0, 6).Select(i => One(i, 10, ("team", "A"), ("model", "x"))),
            One(6, 10, ("team", "B"), ("model", "x")),
            .. Enumerable.Range(7, 8).Select(i => One(i, 10, ("team", "B"), ("model", "y"))),
        ];
        var shown = Groups.Shown(shares);
        Assert.False(shown.Contains(new("team", "A")) && shown.Contains(new("model", "x")), Names(shown));
        AssertNothingOfFew(shares, shown);
    }

    [Fact]
    public void Share_InTwoTeams_IsAFault() => Assert.Throws<ArgumentException>(
        () => Groups.Shown([One(0, 1, ("team", "A"), ("team", "B"))]));

    [Fact]
    public void Share_InNoTeam_IsAFault() => Assert.Throws<ArgumentException>(
        () => Groups.Shown([One(0, 1, ("team", "A")), One(1, 1)]));

    // Nothing that can be computed by adding and taking away is of fewer than five, by teams and models at once.
    [Fact]
    public void AnyTable_ShowsNothingOfFewerThanFive()
    {
        var (random, many) = (new Random(42), 0);
        for (var i = 0; i < Computed; i++)
        {
            var shares = Any(random);
            var shown = Groups.Shown(shares);
            AssertNothingOfFew(shares, shown);
            if (shown.Count > 2) many++;
        }

        Assert.True(many > Computed / 5, $"Only {many} tables showed more than a sum and a part.");
    }

    [Fact]
    public void AnyTable_IsTheSameInWhateverOrder()
    {
        var random = new Random(7);
        for (var i = 0; i < Tries / 10; i++)
        {
            var shares = Any(random);
            var expected = Names(Groups.Shown(shares));
            for (var again = 0; again < 3; again++)
            {
                var mixed = shares.ToArray();
                random.Shuffle(mixed);
                Assert.Equal(expected, Names(Groups.Shown(mixed)));
            }
        }
    }

    // What is shown of each kind, and what is left of it, is of five people at least, none of whom is nearly all.
    [Fact]
    public void AnyTable_EachPartAndRest_IsOfFive_AndNobodyIsNearlyAll()
    {
        var random = new Random(3);
        for (var i = 0; i < Tries; i++)
        {
            var shares = Any(random);
            var shown = Groups.Shown(shares);
            foreach (var kind in (string[])["team", "model"])
            {
                var of = shares.Where(share => share.Amounts[0] != 0)
                    .GroupBy(share => share.In.Single(cell => cell.Kind == kind)).ToList();
                var sums = of.Where(part => shown.Contains(part.Key)).Select(part => part.ToList()).ToList();
                var hidden = of.Where(part => !shown.Contains(part.Key)).ToList();
                if (sums.Count > 0 && hidden.Count > 0)
                {
                    Assert.True(hidden.Count > 1);
                    sums.Add([.. hidden.SelectMany(part => part)]);
                }

                foreach (var sum in sums.Select(sum => sum.GroupBy(share => share.Person)
                    .Select(one => Math.Abs(one.Sum(share => share.Amounts[0]))).ToList()))
                    Assert.True(sum.Count >= 5 && sum.Max() * 10 <= sum.Sum() * 7, $"{string.Join(' ', sum)}");
            }
        }
    }

    [Fact]
    public void Changed_ByOneToFour_IsHidden_UntilItIsFive()
    {
        IReadOnlyDictionary<Cell, IReadOnlySet<Guid>> Month(params int[] people) =>
            new Dictionary<Cell, IReadOnlySet<Guid>> { [new("team", "A")] = people.Select(Person).ToHashSet() };

        bool IsHidden(params IReadOnlyDictionary<Cell, IReadOnlySet<Guid>>[] months) =>
            Groups.Changed(months).Contains(new("team", "A"));

        var first = Month(1, 2, 3, 4, 5);
        Assert.False(IsHidden(first));
        Assert.False(IsHidden(first, first));
        Assert.True(IsHidden(first, Month(1, 2, 3, 4, 5, 6)));
        Assert.True(IsHidden(first, Month(1, 2, 3, 4, 5, 6), Month(1, 2, 3, 4, 5, 6))); // the first was seen
        Assert.True(IsHidden(first, Month(1, 2, 3, 4, 6)));
        Assert.False(IsHidden(first, Month(1, 2, 3, 4, 5, 6), first));
        Assert.False(IsHidden(first, Month(1, 2, 3, 4, 5, 6), Month(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)));
    }

    [Fact]
    public void Changed_IsNotShown_AndIsNoDifferenceEither()
    {
        var changed = new HashSet<Cell> { new("team", "C") };
        Assert.Equal("* A B C", Names(Groups.Shown(Teams(("A", 9), ("B", 8), ("C", 7)))));
        Assert.Equal("* A", Names(Groups.Shown(Teams(("A", 9), ("B", 8), ("C", 7)), changed)));
    }

    [Fact]
    public void LargeCompany_TakesSeconds_AndShowsMost()
    {
        var random = new Random(1);
        List<Share> shares = [];
        for (var person = 0; person < 5_000; person++)
            foreach (var model in Enumerable.Range(0, 12).Where(model => random.Next(12) >= model))
                shares.Add(One(
                    person, random.Next(1, 1_000), ("team", $"t{person % 60}"), ("model", $"m{model}")));
        var began = System.Diagnostics.Stopwatch.StartNew();
        var shown = Groups.Shown(shares);
        Assert.True(shown.Count > 60, $"{shown.Count}");
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(20), $"{began.Elapsed}");
    }

    private static List<Share> Any(Random random)
    {
        var (people, teams, models) = (random.Next(4, 15), random.Next(1, 4), random.Next(1, 4));
        List<Share> shares = [];
        for (var person = 0; person < people; person++)
        {
            var team = random.Next(teams);
            foreach (var model in Enumerable.Range(0, models).Where(model => model == 0 || random.Next(3) > 0))
                shares.Add(One(
                    person, random.Next(8) == 0 ? 0 : random.Next(1, 20), ("team", $"t{team}"),
                    ("model", $"m{(random.Next(5) == 0 ? random.Next(models) : model)}")));
        }

        return shares;
    }

    // Each set of up to four people: whatever is computed and is nought for all others is nought for them too. It is so
    // where their shares add nothing to the rank of all that is shown.
    private static void AssertNothingOfFew(IReadOnlyList<Share> shares, IReadOnlySet<Cell> shown)
    {
        Share[] real = [.. shares.Where(share => share.Amounts[0] != 0)];
        Guid[] people = [.. real.Select(share => share.Person).Distinct()];
        var all = Rank(real, shown);
        foreach (var few in Few(people, 4))
            Assert.True(Rank([.. real.Where(share => !few.Contains(share.Person))], shown) == all,
                $"{Names(shown)} tells of {few.Count}: "
                + string.Join("; ", real.Select(s => $"{s.Person.ToString()[..8]} {string.Join(' ', s.In)}")));
    }

    private static IEnumerable<List<Guid>> Few(Guid[] people, int most)
    {
        for (var set = 1; set < 1 << people.Length; set++)
            if (BitOperations.PopCount((uint)set) is var count && (count == most || (count < most
                && people.Length <= most)))
                yield return [.. people.Where((_, i) => (set >> i & 1) == 1)];
    }

    // Exact: whole numbers without division.
    private static int Rank(Share[] shares, IReadOnlySet<Cell> shown)
    {
        List<BigInteger[]> rows =
        [
            .. shown.Select(cell => shares.Select(share => cell == Cell.Whole || share.In.Contains(cell)
                ? BigInteger.One : BigInteger.Zero).ToArray()),
        ];
        var rank = 0;
        for (var column = 0; column < shares.Length && rank < rows.Count; column++)
        {
            var pivot = rows.FindIndex(rank, row => row[column] != 0);
            if (pivot < 0) continue;
            (rows[rank], rows[pivot]) = (rows[pivot], rows[rank]);
            for (var i = rank + 1; i < rows.Count; i++)
            {
                var (factor, of) = (rows[i][column], rows[rank][column]);
                if (factor == 0) continue;
                for (var k = 0; k < shares.Length; k++) rows[i][k] = (rows[i][k] * of) - (rows[rank][k] * factor);
            }

            rank++;
        }

        return rank;
    }
}
