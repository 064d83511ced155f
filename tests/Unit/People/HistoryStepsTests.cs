using Guerdon.People.History;
using Guerdon.People.Spans;

namespace Guerdon.Unit.People;

public class HistoryStepsTests
{
    private static readonly DateOnly First = new(2024, 1, 1);

    private static readonly Standing Plain =
        new("Engineering", "Engineer", "L5", "US", "CC1", 10_000_000, 12_000_000, "USD");

    [Fact]
    public void Between_Spans_SaysOfEachWhatIsAnother()
    {
        var away = Plain with { Leave = "care", LeavePay = "unpaid", PartTimeBp = 6_000 };
        var steps = HistorySteps.Between(
            [
                new(First, Plain), new(First.AddDays(10), away),
                new(First.AddDays(20), Plain with { BasePayCents = 11_000_000 }),
            ], new Dictionary<Guid, string>());

        Assert.Equal(
            "team Engineering, role Engineer, level L5, country US, cost centre CC1, "
            + "pay base 100000.00, total 120000.00 USD a year, employment employee, part time 100%", Words(steps[0]));
        Assert.Equal("part time 60%, leave care (unpaid)", Words(steps[1]));
        Assert.Equal(
            "pay base 110000.00, total 120000.00 USD a year, part time 100%, leave none", Words(steps[2]));
        Assert.Equal([First.AddDays(9), First.AddDays(19), null], steps.Select(step => step.To));
        Assert.Equal(["pay"], steps[2].Facts.Where(fact => fact.ShowsPay).Select(fact => fact.Part));
    }

    private static string Words(HistoryStep step) =>
        string.Join(", ", step.Facts.Select(fact => $"{fact.Part} {fact.Text}"));
}
