using Guerdon.Approvals;

namespace Guerdon.Unit.Approvals;

/// <summary>Where a line of the inbox stands, and the text that the next page is asked for by.</summary>
public class InboxOrderTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private static Inbox.Item Item(bool youMay, int micros = 0, string kind = "run", string id = "run_1") => new(
        kind, id, "s", "a", At.AddMicroseconds(micros), null, "w", youMay, false, null, null);

    [Theory]
    [InlineData(true, 5, "0.1795255200000005.run.run_1")]
    [InlineData(false, 0, "1.1795255200000000.run.run_1")]
    public void Place_OfALine_IsItsGroupTimeKindAndId(bool youMay, int micros, string text)
    {
        var place = InboxOrder.Place.Of(Item(youMay, micros));
        Assert.Equal(text, $"{place}");
        Assert.True(InboxOrder.Place.TryParse(text, out var read));
        Assert.Equal(place, read);
    }

    [Theory]
    [InlineData("0.1.run.a.b", true)] // an id may have dots
    [InlineData("0.1.run", false)]
    [InlineData("2.1.run.a", false)]
    [InlineData("0.-1.run.a", false)]
    [InlineData("0.x.run.a", false)]
    [InlineData("", false)]
    public void TryParse_AText_IsAPlaceOrNone(string text, bool isOne) =>
        Assert.Equal(isOne, InboxOrder.Place.TryParse(text, out _));

    [Fact]
    public void Compare_Lines_TheReadersFirstThenTheOldest()
    {
        Inbox.Item?[] inOrder =
        [
            null, Item(true), Item(true, 1, "claim"), Item(true, 1, "run", "run_0"), Item(true, 1), Item(false, -9),
            Item(false, 1),
        ];
        for (var i = 0; i < inOrder.Length; i++)
            for (var j = 0; j < inOrder.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(InboxOrder.Default.Compare(inOrder[i], inOrder[j])));
    }
}
