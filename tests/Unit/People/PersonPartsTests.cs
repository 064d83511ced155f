using Guerdon.People;
using Guerdon.People.Proposals;
using Guerdon.People.Spans;

namespace Guerdon.Unit.People;

public sealed class PersonPartsTests
{
    private static readonly Standing Was =
        new("Engineering", "Engineer", "L5", "US", "CC1", 10_000_000, 12_000_000, "USD");

    private static readonly DateOnly Hired = new(2024, 1, 15), Later = new(2027, 1, 1);
    private static readonly Dictionary<Guid, string> Managers = [];

    private static OnFile On(params PersonSpan[] spans) =>
        new("ada@example.com", "Ada", Hired, null, false, spans, new Dictionary<string, string>());

    private static string[] Between(OnFile? was, OnFile becomes) =>
        [.. PersonParts.Between(was, becomes, Managers).Select(one => $"{one.Part}: {one.Before} -> {one.After}")];

    // What a change is of is in words here, all of it.
    [Fact]
    public void Parts_AreThoseOfTimelines() => Assert.Equal(Timeline.Names, PersonParts.DatedNames);

    [Fact]
    public void InNothing_IsWhatIsInNothing() =>
        Assert.Equal(["cost_centre", "name", "time_zone"], PersonParts.InNothing.Order());

    [Fact]
    public void Between_SaysEachTimeFromTheLastThatBothHave()
    {
        var (six, seven) = (Was with { Level = "L6" }, Was with { Level = "L7" });
        Assert.Equal(
            ["level: L6 from 2025-01-01; L7 from 2027-01-01 -> L6 from 2025-01-01"],
            Between(
                On(new(Hired, Was), new(new(2025, 1, 1), six), new(Later, seven)),
                On(new(Hired, Was), new(new(2025, 1, 1), six))));
        Assert.Equal(["level: L5 -> L6"], Between(On(new PersonSpan(Hired, Was)), On(new PersonSpan(Hired, six))));
        Assert.Empty(Between(On(new PersonSpan(Hired, Was)), On(new PersonSpan(Later, Was)))); // before its day, too
    }

    // A leave that is called so is not none.
    [Fact]
    public void Between_TellsNoneFromAWordThatIsNone() => Assert.Equal(
        ["leave: none -> none; none from 2027-01-01"],
        Between(On(new PersonSpan(Hired, Was)), On(new(Hired, Was), new(Later, Was with { Leave = "none" }))));

    [Fact]
    public void Between_ForSomebodyNew_IsWhoTheyAreAndWhatTheyArePaid()
    {
        var parts = PersonParts.Between(null, On(new PersonSpan(Hired, Was)), Managers);
        Assert.Equal([PersonParts.New, PersonParts.Pay], parts.Select(one => one.Part));
        Assert.Equal([false, true], parts.Select(one => one.ShowsPay));
        Assert.All(parts, one => Assert.False(one.IsInNothing));
    }

    [Fact]
    public void InOrder_PutsTheGreatestRiseFirst_WhateverTheDayOrTheCurrency()
    {
        string[] Order(params Standing[] after) =>
        [
            .. PersonChange.InOrder(after.Select((one, i) => PersonChange.Of(
                    Guid.NewGuid(), On(new PersonSpan(Hired, Was)) with { Email = $"{i}@x.example" },
                    On(new(Hired, Was), new(Later, one)) with { Email = $"{i}@x.example" }, Managers)))
                .Select(one => one.Email[..1]),
        ];

        Assert.Equal(
            ["3", "2", "0", "4", "1"],
            Order(
                Was with { TotalPayCents = 12_100_000 }, Was with { CostCentre = "CC2" },
                Was with { BasePayCents = 12_000_000 }, Was with { Currency = "KWD" },
                Was with { Level = "L6" }));
    }

    // Somebody's own is not lost among what changes for everybody.
    [Fact]
    public void InOrder_PutsWhatChangesForFewBeforeWhatChangesForMany() => Assert.Equal(
        ["z", "a", "b", "c"],
        PersonChange.InOrder("abcz".Select(name => PersonChange.Of(
                Guid.NewGuid(), On(new PersonSpan(Hired, Was)) with { Email = $"{name}@x.example" },
                On(new PersonSpan(Hired, name == 'z'
                    ? Was with { Team = "Sales", Level = "L9" } : Was with { Team = "Sales", CostCentre = $"{name}" }))
                    with
                { Email = $"{name}@x.example" },
                Managers)))
            .Select(one => one.Email[..1]));

    // One gives up the address that the other gets.
    [Fact]
    public void Managers_OfOneAddressAfterAnother_AreToldApart()
    {
        var (first, second, third) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var managers = PeopleTrial.Managed(
            new Dictionary<Guid, string> { [first] = "bo@example.com", [third] = "cy@example.com" },
            new Dictionary<Guid, string> { [second] = "bo@example.com" });
        Assert.Equal(
            [$"manager: {new PersonId(first)} -> bo@example.com", "manager: cy@example.com -> bo@example.com"],
            new[] { first, third }.Select(before => Assert.Single(PersonParts.Between(
                    On(new PersonSpan(Hired, Was with { Manager = new PersonId(before) })),
                    On(new PersonSpan(Hired, Was with { Manager = new PersonId(second) })), managers)))
                .Select(one => $"{one.Part}: {one.Before} -> {one.After}"));
    }

    // An identity that is called as something else is waits.
    [Fact]
    public void Identities_CalledAsWhatIsInNothing_AreInSomething() => Assert.False(Assert.Single(PersonParts.Between(
        On(new PersonSpan(Hired, Was)),
        On(new PersonSpan(Hired, Was)) with { Identities = new Dictionary<string, string> { ["time_zone"] = "7" } },
        Managers)).IsInNothing);

    // Somebody new has no id yet: the same stands for them each time.
    [Fact]
    public void Newcomers_AreTheSameEachTime_AndGetTheirAddress()
    {
        PersonChange[] twice =
        [
            .. Enumerable.Range(0, 2).Select(
                _ => PersonChange.Of(Guid.NewGuid(), null, On(new PersonSpan(Hired, Was)), Managers)),
        ];
        Assert.Equal(twice[0].Person, twice[1].Person);
        Assert.Equal("ada@example.com", twice[0].NewEmail);
        Assert.Null(twice[0].Rise);
    }
}
