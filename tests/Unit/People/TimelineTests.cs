using FsCheck;
using FsCheck.Fluent;
using Guerdon.People;
using Guerdon.People.Spans;

namespace Guerdon.Unit.People;

public class TimelineTests
{
    private static readonly DateOnly First = new(2024, 1, 1);

    private static readonly Standing Plain =
        new("Engineering", "Engineer", "L5", "US", "CC1", 10_000_000, 12_000_000, "USD");

    private static readonly PersonId Boss = new(new Guid("0190a0b0-0000-7000-8000-000000000002"));

    private static readonly Gen<DateOnly> Day = Gen.Choose(0, 120).Select(First.AddDays);

    // Each touches one thing, or two.
    private static readonly Gen<Func<Standing, Standing>> Change = Gen.Elements<Func<Standing, Standing>>(
        s => s with { Level = "L6" }, s => s with { Level = "L5" }, s => s with { Team = "Ops" },
        s => s with { BasePayCents = 11_000_000 },
        s => s with { BasePayCents = 1, TotalPayCents = 1, Currency = "EUR" },
        s => s with { Leave = "parental", LeavePay = "paid" }, s => s with { LeavePay = "unpaid", Leave = "parental" },
        s => s with { Leave = null, LeavePay = null }, s => s with { PartTimeBp = 8_000 },
        s => s with { Manager = Boss, Level = "L7" }, s => s with { LegalEntity = "GmbH", TimeZone = "Europe/Berlin" });

    private static readonly Gen<(DateOnly From, DateOnly? Until, Func<Standing, Standing> Change)> Step =
        from day in Day
        from last in Gen.Choose(-1, 40)
        from change in Change
        select (day, last < 0 ? (DateOnly?)null : day.AddDays(last), change);

    private static IReadOnlyList<PersonSpan> Applied(
        IReadOnlyList<PersonSpan> spans, (DateOnly From, DateOnly? Until, Func<Standing, Standing> Change) step) =>
        Timeline.Change(spans, step.From, step.Until, step.Change(Timeline.On(spans, step.From)));

    /// <summary>What a change does not name is as before on every day; what it does holds from its day until that very
    /// thing was to change anyway, or until its own last day. Spans are in order, and no two that follow are alike.
    /// </summary>
    [Fact]
    public void Change_AnySteps_KeepsWhatItDoesNotTouch() => Prop.ForAll(Step.ListOf().ToArbitrary(), steps =>
    {
        IReadOnlyList<PersonSpan> spans = [new(First, Plain)];
        foreach (var step in steps)
        {
            var (was, now) = (spans, Applied(spans, step));
            var wanted = step.Change(Timeline.On(was, step.From));
            var holds = true;
            for (var i = 0; i < 240; i++)
            {
                var (day, before, after) = (
                    First.AddDays(i), Timeline.On(was, First.AddDays(i)), Timeline.On(now, First.AddDays(i)));
                if (day < step.From || day > step.Until)
                {
                    Assert.Equal(before, after);
                    continue;
                }

                // The level stands for all that can be changed alone.
                holds &= step.Until is not null || before.Level == Timeline.On(was, step.From).Level;
                var changesLevel = wanted.Level != Timeline.On(was, step.From).Level;
                Assert.Equal(changesLevel && holds ? wanted.Level : before.Level, after.Level);
                if (wanted.Team == Timeline.On(was, step.From).Team) Assert.Equal(before.Team, after.Team);
            }

            Assert.Equal(now.Select(s => s.StartsOn).Order().Distinct(), now.Select(s => s.StartsOn));
            Assert.DoesNotContain(now.Zip(now.Skip(1)), pair => pair.First.Standing == pair.Second.Standing);
            Assert.Same(now, Again(now, step, wanted));
            spans = now;
        }
    }).QuickCheckThrowOnFailure();

    // The same again, by what it came to, changes nothing.
    private static IReadOnlyList<PersonSpan> Again(
        IReadOnlyList<PersonSpan> spans, (DateOnly From, DateOnly? Until, Func<Standing, Standing> Change) step,
        Standing wanted) => Timeline.Change(spans, step.From, step.Until, wanted);

    [Fact]
    public void Change_Backdated_LeavesALaterRaiseAsItIs()
    {
        IReadOnlyList<PersonSpan> spans =
        [
            new(First, Plain), new(First.AddDays(60), Plain with { BasePayCents = 11_000_000 }),
        ];

        var moved = Timeline.Change(spans, First.AddDays(30), null, Plain with { Team = "Ops" });
        Assert.Equal(
            [
                new(First, Plain), new(First.AddDays(30), Plain with { Team = "Ops" }),
                new(First.AddDays(60), Plain with { Team = "Ops", BasePayCents = 11_000_000 }),
            ], moved);

        var raised = Timeline.Change(spans, First.AddDays(30), null, Plain with { BasePayCents = 10_500_000 });
        Assert.Equal(11_000_000, Timeline.On(raised, First.AddDays(60)).BasePayCents);
    }

    [Fact]
    public void Change_WithLastDay_IsAsItWasAfterIt()
    {
        var spans = Timeline.Change(
            [new(First, Plain)], First.AddDays(10), First.AddDays(19), Plain with { Leave = "parental" });

        Assert.Equal(
            [
                new(First, Plain), new(First.AddDays(10), Plain with { Leave = "parental" }),
                new(First.AddDays(20), Plain),
            ], spans);
    }

    [Fact]
    public void Change_BeforeTheFirstSpan_BeginsItEarlier()
    {
        var spans = Timeline.Change([new(First, Plain)], First.AddDays(-5), null, Plain with { Level = "L6" });
        Assert.Equal([new(First.AddDays(-5), Plain with { Level = "L6" })], spans);
    }
}
