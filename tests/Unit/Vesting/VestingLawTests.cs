using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Guerdon.Vesting;

namespace Guerdon.Unit.Vesting;

/// <summary>What holds for any terms, grant and facts.</summary>
public class VestingLawTests
{
    private sealed record Case(VestingTerms Terms, long Quantity, VestingFacts Facts, DateOnly Day)
    {
        public override string ToString() =>
            $"{Terms.AllocationType} {Quantity} {Facts} [{string.Join("; ", Facts.Events)}]"
            + $" [{string.Join("; ", Facts.Accelerations)}] {Day:yyyy-MM-dd} {Terms.Leaver}\n"
            + string.Join('\n', Terms.Conditions.Select(c => $"{c} next {string.Join(' ', c.NextConditionIds)}"));
    }

    private static readonly DateOnly Epoch = new(2024, 1, 1);

    private static readonly Gen<DateOnly> Date = Gen.Choose(0, 365 * 8).Select(Epoch.AddDays);

    private static readonly Gen<AllocationType> Type = Gen.Elements(Enum.GetValues<AllocationType>());

    private static readonly Gen<long> Quantity = Gen.OneOf(
        Gen.Choose(0, 60).Select(n => (long)n), Gen.Choose(1, int.MaxValue).Select(n => n * 1_000L),
        Gen.Choose(1, int.MaxValue).Select(n => long.MaxValue - n));

    private static readonly Gen<VestingPeriod> Period =
        from months in Gen.Elements(true, false)
        from length in Gen.Choose(0, months ? 6 : 90)
        from count in Gen.Choose(1, 60)
        from cliff in Gen.Choose(0, count)
        from day in Gen.Choose(0, 31)
        select months
            ? VestingMake.Months(length, count, cliff) with { Day = new VestingDay(day) }
            : VestingMake.Days(length, count, cliff);

    private static readonly Gen<LeaverRule> Rule = Gen.Choose(0, 2).SelectMany(kind => Gen.Choose(0, LeaverRule.Whole)
        .Select(share => new LeaverRule((LeaverKind)kind, kind == 2 ? share : 0)));

    // One schedule from the start: what nearly every grant has.
    private static readonly Gen<VestingTerms> Simple =
        from type in Type
        from period in Period
        from parts in Gen.Choose(period.Occurrences, 100)
        from whole in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        select VestingMake.Terms(
            type, VestingMake.Start("only"), VestingMake.Relative("only", whole ? period.Occurrences : parts, period));

    private static Gen<VestingTrigger> Trigger(int before) => Gen.OneOf(
        Date.Select(date => (VestingTrigger)new VestingTrigger.Absolute(date)),
        Gen.Constant((VestingTrigger)new VestingTrigger.OnEvent()),
        from period in Period
        from to in Gen.Choose(0, before - 1)
        select (VestingTrigger)new VestingTrigger.Relative(period with { CliffInstalment = 0 }, $"c{to}"));

    // A start, and conditions that may each be followed by any later ones.
    private static Gen<VestingCondition> Condition(int i, int count) =>
        from trigger in i == 0 ? Gen.Constant((VestingTrigger)new VestingTrigger.OnStart()) : Trigger(i)
        from kind in Gen.Choose(0, 3)
        from quantity in Gen.Choose(0, 40)
        from skip in Gen.Choose(1, 2)
        let times = trigger is VestingTrigger.Relative { Period.Occurrences: var n } ? n : 1
        let next = Enumerable.Range(i + 1, count - i - 1).Where(c => c == i + 1 || (c - i) % skip == 0)
            .OrderBy(c => (c * 7 + quantity) % 5).Select(c => $"c{c}")
        select new VestingCondition(
            $"c{i}", "", kind == 0 ? null : new VestingPortion(1, times * (kind == 3 ? 1 : count), kind == 3),
            kind == 0 ? quantity : null, trigger, [.. next]);

    private static readonly Gen<VestingTerms> Graph =
        from type in Type
        from count in Gen.Choose(2, 6)
        from conditions in Gen.CollectToArray(Enumerable.Range(0, count), i => Condition(i, count))
        where VestingGraph.Check(conditions).Count == 0
        select new VestingTerms("terms", "", "", type, conditions);

    private static Gen<VestingFacts> Facts(VestingTerms terms) =>
        from start in Date
        from dates in Date.ArrayOf(terms.Conditions.Count)
        from happened in Gen.Choose(0, terms.Conditions.Count)
        from ahead in Gen.Choose(0, 2)
        from when in Date.ArrayOf(2)
        from much in Gen.Choose(-1, 30).ArrayOf(2)
        from leaves in Gen.Choose(0, 2)
        from left in Date
        from rule in Rule
        select new VestingFacts(start)
        {
            Events = [.. terms.Conditions.Take(happened).Select((c, i) => new VestingHappened(c.Id, dates[i]))],
            Accelerations = [.. when.Take(ahead).Select(
                (date, i) => new VestingAcceleration(date, much[i] < 0 ? null : much[i]))],
            Leaving = leaves == 0 ? new VestingLeaving(left, rule) : null,
        };

    private static readonly Arbitrary<Case> Any = Arb.From(
        from terms in Gen.Frequency((1, Simple), (3, Graph))
        from quantity in Quantity
        from facts in Facts(terms)
        from day in Date
        select new Case(terms, quantity, facts, day));

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void Instalments_AreOrderedNeverNegativeAndNeverPassTheGrant() => Prop.ForAll(Any, c =>
    {
        var schedule = VestingSchedule.Of(c.Terms, c.Quantity, c.Facts);
        Assert.Equal(schedule.Instalments.OrderBy(i => i.Date), schedule.Instalments);
        Assert.All(schedule.Instalments, i => Assert.True(i.Amount >= 0));
        Assert.InRange(schedule.Instalments.Aggregate((Int128)0, (sum, i) => sum + i.Amount), 0, c.Quantity);
        Assert.Equal(schedule.Total, schedule.VestedBy(DateOnly.MaxValue));
    }).Check(Runs);

    [Fact]
    public void Instalments_WholeScheduleReached_SumToTheGrant() => Prop.ForAll(Arb.From(
        from terms in Simple
        where terms.Conditions[1].Portion!.Denominator == terms.Conditions[1].Occurrences
        from quantity in Quantity
        from start in Date
        select new Case(terms, quantity, new VestingFacts(start), start)),
        c => Assert.Equal(c.Quantity, VestingSchedule.Of(c.Terms, c.Quantity, c.Facts).Total)).Check(Runs);

    // What is known by a day gives the same, for all days until then, as all that is known later.
    [Fact]
    public void VestedBy_FactsOfLater_ChangeNothing() => Prop.ForAll(Any, c =>
    {
        var known = c.Facts with
        {
            Events = [.. c.Facts.Events.Where(e => e.Date <= c.Day)],
            Accelerations = [.. c.Facts.Accelerations.Where(a => a.Date <= c.Day)],
            Leaving = c.Facts.Leaving is { } leaving && leaving.On <= c.Day ? leaving : null,
        };
        var (then, later) = (VestingSchedule.Of(c.Terms, c.Quantity, known),
            VestingSchedule.Of(c.Terms, c.Quantity, c.Facts));
        for (var back = 0; back < 400; back += 13)
            Assert.Equal(then.VestedBy(c.Day.AddDays(-back)), later.VestedBy(c.Day.AddDays(-back)));
    }).Check(Runs);

    [Fact]
    public void VestedBy_Fast_AgreesWithTheInstalments() => Prop.ForAll(Arb.From(
        from terms in Gen.Frequency((4, Simple), (1, Graph))
        from rule in Rule
        from quantity in Quantity
        from facts in Facts(terms)
        from plain in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from day in Date
        select new Case(
            terms with { Leaver = rule }, quantity, plain ? facts with { Accelerations = [] } : facts, day)), c =>
    {
        var schedule = VestingSchedule.Of(c.Terms, c.Quantity, c.Facts);
        // Around the day, and at and before each instalment of it.
        var days = Enumerable.Range(-40, 80).Select(c.Day.AddDays)
            .Concat(schedule.Instalments.SelectMany(i => (DateOnly[])[i.Date.AddDays(-1), i.Date]));
        Assert.All(days, day => Assert.Equal(
            schedule.VestedBy(day), VestingSchedule.VestedBy(c.Terms, c.Quantity, c.Facts, day)));
    }).Check(Runs);

    // A nightly job asks for every grant. The bound is loose: two cores are shared with other suites.
    [Fact]
    public void VestedBy_AMillionGrants_TakesSeconds()
    {
        var terms = VestingMake.Monthly(AllocationType.CumulativeRounding, 48, 12);
        var facts = VestingMake.From(2024, 1, 31);
        var day = new DateOnly(2026, 11, 21);
        var (watch, sum) = (Stopwatch.StartNew(), (Int128)0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000_000; i++) sum += VestingSchedule.VestedBy(terms, i, facts, day);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000, "It allocates for each grant.");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
        Assert.InRange(sum, 1, (Int128)500_000_000_000);
    }
}
