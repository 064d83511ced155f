using Guerdon.Approvals.Inputs;

namespace Guerdon.Unit.Approvals;

/// <summary>Which versions a proposal is compared with.</summary>
public class InputBasisTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    // Each version as its first month of 2026 or 2027, and whether it was applied since people have what they have.
    [Theory]
    [InlineData("", "2027-01", "nothing", "")]
    [InlineData("2026-10 before", "2027-01", "version 1", "")]
    [InlineData("2026-11 before", "2027-01", "version 1", "nothing")]
    [InlineData("2027-01 before", "2026-12", "version 1; nothing", "")]
    [InlineData("2026-11 since", "2027-01", "version 1", "nothing")]
    [InlineData("2026-10 before, 2026-11 since", "2027-01", "version 2", "version 1")]
    [InlineData("2026-10 before, 2027-01 since", "2027-01", "version 2", "version 1")]
    [InlineData("2026-10 before, 2027-01 before", "2027-01", "version 2", "version 1")]
    [InlineData("2026-10 before, 2027-01 before", "2026-12", "version 2; version 1", "")]
    [InlineData("2026-10 before, 2027-01 since, 2027-01 since", "2027-01", "version 3", "version 1; version 2")]
    [InlineData("2026-09 before, 2026-10 before, 2027-01 since", "2027-01", "version 3", "version 2")]
    [InlineData("2026-10 before, 2027-01 before, 2026-12 before", "2026-12", "version 3", "version 1")]
    public void Of_IsWhatItTakesThePlaceOf_AndWhatPeopleHadLately(
        string versions, string first, string takes, string lately)
    {
        var rows = versions.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select((one, i) => new InputRow(
            i + 1, Day(one[..7]), one.EndsWith("before", StringComparison.Ordinal) ? Then : Then.AddHours(1),
            $"file {i + 1}")).ToList();
        var basis = InputBasis.Of("nothing", rows, Day(first), new(Then, new(2026, 10, 15)));
        Assert.Equal(takes, string.Join("; ", basis.Versions.Select(one => one.Words)));
        Assert.Equal(lately, string.Join("; ", basis.Lately.Select(one => one.Words)));
    }

    [Fact]
    public void Of_BeforeAnybodyHadAnything_IsEveryVersion_AndNothing()
    {
        InputRow[] rows = [Row(1), Row(2), Row(3)];
        var basis = InputBasis.Of("nothing", rows, Day("2026-11"), HeldSince.Never);
        Assert.Equal("version 3", basis.Words);
        Assert.Equal(["nothing", "version 1", "version 2"], basis.Lately.Select(one => one.Words));
    }

    // Steps at random, of which one of few approves those that they may: whatever becomes of what they had as it was
    // granted last becomes of it for all who had the same.
    [Fact]
    public void AnySteps_ThatOneMayApprove_ChangeForThemWhatTheyChangeForAll()
    {
        var (accepted, refused) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var rows = new List<InputRow> { new(1, Day("2026-09"), Then, "1 1") };
            var (had, since) = (rows[0], new HeldSince(Then, Day("2026-09")));
            for (var step = 1; step < 8; step++)
            {
                var (at, first) = (Then.AddHours(step), Day("2026-10").AddMonths(random.Next(4)));
                if (first <= since.Day) continue; // that month is granted
                var file = $"{random.Next(1, 4)} {random.Next(1, 4)}";
                if (IsForOneAlone(InputBasis.Of("nothing", rows, first, since.NotAfter(first)), file)) refused++;
                else
                {
                    rows.Add(new(rows.Count + 1, first, at, file));
                    Assert.True(IsTheSame(had.Yaml, file), $"{seed}: {string.Join("; ", rows)} after {had}");
                    accepted++;
                }

                if (random.Next(3) > 0) continue;
                since = new(at, since.Day.AddMonths(1));
                had = rows.Where(row => row.From <= since.Day).MaxBy(row => row.Version);
            }
        }

        Assert.True(accepted > 100 && refused > 100, $"{accepted} {refused}");
    }

    // A file has a figure for many, and one for one alone.
    private static bool IsForOneAlone(InputBasis basis, string file)
    {
        var (reach, alone) = (new InputReach(), Guid.NewGuid());
        var comparison = new InputComparison<int>(
            reach, basis.Before<string, int>(text => text, text => Of(text)), Of(file), person => person);
        for (var i = 0; i < 25; i++) comparison.Add(Guid.NewGuid(), 0, _ => "");
        comparison.Add(alone, 1, _ => "");
        return reach.Few().Contains(alone);

        static Func<int, IReadOnlyDictionary<string, string>> Of(string text) =>
            person => new Dictionary<string, string> { ["factor"] = text.Split(' ')[person] };
    }

    private static bool IsTheSame(string was, string becomes)
    {
        var (before, after) = (was.Split(' '), becomes.Split(' '));
        return before[1] == after[1] || (before[0], after[0]) == (before[1], after[1]);
    }

    [Fact]
    public void Words_OfManyVersions_AreCut()
    {
        InputRow[] rows = [.. Enumerable.Range(0, 200).Select(i => Row(i + 1, Day("2026-11").AddMonths(i)))];
        var basis = InputBasis.Of("nothing", rows, Day("2026-11"), HeldSince.Never);
        Assert.Equal(200, basis.Versions.Count());
        Assert.EndsWith(" and 99 more", basis.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_ComparesFiles_NotWordsAlone()
    {
        InputVersion one = new("version 1", "a"), other = new("version 1", "b");
        Assert.True(new InputBasis(one).Is(new(one)));
        Assert.False(new InputBasis(one).Is(new(other)));
        Assert.False(new InputBasis(one).Is(new(one) { Lately = [other] }));
    }

    [Fact]
    public void Ago_Is31Days_FromTheFirstDayOnWhereThatIsEarlier()
    {
        Assert.Equal(
            new HeldSince(new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 23)),
            HeldSince.Ago(new(2026, 12, 24), new(2027, 1, 1)));
        Assert.Equal(new DateOnly(2026, 1, 1), HeldSince.Ago(new(2026, 12, 24), new(2026, 1, 1)).Day);
    }

    [Theory]
    [InlineData("1.1764547200000000.inp_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", true)]
    [InlineData("0.0.inp_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", true)]
    [InlineData("2.0.inp_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", false)]
    [InlineData("1.-1.inp_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", false)]
    [InlineData("1.9223372036854775807.inp_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", false)]
    [InlineData("inp_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b", false)]
    [InlineData("1.0.x", false)]
    [InlineData("", false)]
    public void Place_IsReadAsItIsWritten(string text, bool isOne)
    {
        Assert.Equal(isOne, InputPlace.TryParse(text, out var place));
        if (isOne) Assert.Equal(text, $"{place}");
    }

    private static InputRow Row(int version, DateOnly? from = null) =>
        new(version, from ?? Day("2026-11"), Then, $"file {version}");

    private static DateOnly Day(string month) => DateOnly.ParseExact(
        month + "-01", "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
