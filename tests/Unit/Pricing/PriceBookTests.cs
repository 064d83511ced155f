using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Pricing;

public class PriceBookTests
{
    private static readonly DateTimeOffset September = new(2026, 9, 22, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset December = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PriceBook Book = new(new PriceSnapshot(
        [
            Row("gpt-4o", September, 1), Row("gpt-4o", December, 2), Row("claude-sonnet-4-5", September, 3),
            Row("gpt-4o-2024-11-20", September, 4), Row("mistral-large-2512", September, 5),
            Row("ft:gpt-4o", September, 6), Row("ft:gpt-4.1-2025-04-14", September, 7),
        ],
        [new TokenWorth(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), 1_000), new TokenWorth(December, 1_100)]));

    private static Price Row(string model, DateTimeOffset from, long input) =>
        CostTests.PriceOf(new Rates(input, input, input, input, input)) with { Model = model, EffectiveFrom = from };

    [Theory]
    [InlineData("gpt-4o", 1L)]
    [InlineData("gpt-4o-2024-08-06", 1L)]
    [InlineData("gpt-4o-latest", 1L)]
    [InlineData("gpt-4o-20240806", 1L)]
    [InlineData("claude-sonnet-4-5-20250929", 3L)]
    [InlineData("gpt-4o-2024-11-20", 4L)] // a row of its own comes first
    [InlineData("mistral-large-2512", 5L)]
    [InlineData("ft:gpt-4o:acme:name:abc123", 6L)]
    [InlineData("ft:gpt-4o-2024-08-06:acme::abc123", 6L)]
    [InlineData("ft:gpt-4.1-2025-04-14:acme::abc123", 7L)]
    [InlineData("ft:gpt-4.1:acme::abc123", null)]
    [InlineData("ft:claude-sonnet-4-5:acme::abc123", null)] // never at the price of what it was tuned from
    [InlineData("ft::acme", null)]
    [InlineData("ft:", null)]
    [InlineData("gpt-4o:acme", null)]
    [InlineData("gpt-4o-mini", null)]
    [InlineData("gpt-4", null)]
    [InlineData("GPT-4o", null)]
    [InlineData("gpt-4o-2024-13-06", null)] // no such month
    [InlineData("gpt-4o-2024-02-30", null)]
    [InlineData("gpt-4o-0806", null)]
    [InlineData("gpt-4o-2024-08-06-latest", null)] // one ending, not two
    [InlineData("openai/gpt-4o", null)]
    [InlineData("-latest", null)]
    [InlineData("-20240806", null)]
    [InlineData("", null)]
    public void Find_ModelName_FindsItsRowOrNothing(string model, long? expected) =>
        Assert.Equal(expected, Book.Find(model, September)?.Base.Input);

    [Fact]
    public void Find_AroundTheEffectiveDate_ChangesAtTheInstant()
    {
        Assert.Null(Book.Find("gpt-4o", September.AddTicks(-1)));
        Assert.Equal(1, Book.Find("gpt-4o", December.AddTicks(-1))!.Base.Input);
        Assert.Equal(2, Book.Find("gpt-4o", December)!.Base.Input);
    }

    [Fact]
    public void Current_AtAnInstant_ListsEachPricedModelOnce()
    {
        Assert.Equal(
            [
                "claude-sonnet-4-5", "ft:gpt-4.1-2025-04-14", "ft:gpt-4o", "gpt-4o", "gpt-4o-2024-11-20",
                "mistral-large-2512",
            ],
            Book.Current(December).Select(p => p.Model));
        Assert.Empty(Book.Current(September.AddDays(-1)));
    }

    [Fact]
    public void TokenValueAt_Instant_IsTheLatestThatHolds()
    {
        Assert.Equal(1_000, Book.TokenValueAt(December.AddTicks(-1)));
        Assert.Equal(1_100, Book.TokenValueAt(December));
        Assert.Throws<InvalidOperationException>(() => Book.TokenValueAt(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void FindRow_AnId_IsThatRow()
    {
        Price[] rows = [.. ((string[])["a", "b", "c"]).Select(m => Row(m, September, 1) with { Id = Guid.NewGuid() })];
        var book = new PriceBook(new PriceSnapshot(rows, []));
        foreach (var row in rows) Assert.Equal(row.Model, book.FindRow(row.Id)?.Model);
        Assert.Null(book.FindRow(Guid.NewGuid()));
    }

    [Fact]
    public void Find_HotPath_AllocatesNothing()
    {
        ReadOnlySpan<char> dated = "claude-sonnet-4-5-20250929";
        _ = Book.Find(dated, December);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) _ = Book.Find(dated, December);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
