using System.Net;
using Guerdon.Database.Grants;
using Guerdon.Pricing.Book;

namespace Guerdon.Database.Pricing;

public sealed class PriceBookDatabaseTests(Company company) : IClassFixture<Company>
{
    [Fact]
    public async Task Seed_Again_AddsNothing()
    {
        Assert.Equal(0, await SeedBook.RunAsync(company.Db, company.Clock, Company.Ct));
        Assert.Equal(45, await company.ScalarAsync("select count(*) from pricing.price"));
        Assert.Empty(await company.VerifyAsync());
    }

    [Fact]
    public async Task Reload_FromTheDatabase_IsTheShippedList()
    {
        var list = await PriceList.ReadShippedAsync(company.Clock, Company.Ct);
        var shipped = list.OrderBy(p => p.Model, StringComparer.Ordinal);
        var book = company.Get<PriceBook>().Current(company.Clock.Now).OrderBy(p => p.Model, StringComparer.Ordinal);

        Assert.Equal(shipped.Select(p => p with { Id = default }), book.Select(p => p with { Id = default }));
        Assert.Equal(1_000, company.Get<PriceBook>().TokenValueAt(company.Clock.Now));
    }

    [Fact]
    public async Task Prices_SignedIn_AreListedAndFound()
    {
        var (status, list) = await company.GetAsync("/api/v1/prices", "prs_00000000000000000000000000000001");
        Assert.Equal((HttpStatusCode.OK, 45), (status, list.GetProperty("prices").GetArrayLength()));
        Assert.Equal(1_000, list.GetProperty("tokenValueNanos").GetInt64());

        var (_, one) = await company.GetAsync("/api/v1/prices/gpt-4o-2024-08-06");
        Assert.Equal(2_500_000_000, one.GetProperty("base").GetProperty("inputNanosPerMillion").GetInt64());
    }

    [Fact]
    public async Task Prices_UnknownModelOrCaller_IsRefused()
    {
        var (status, problem) = await company.GetAsync("/api/v1/prices/gpt-4o-ultra");
        Assert.Equal((HttpStatusCode.NotFound, "pricing.unknown_model"),
            (status, problem.GetProperty("title").GetString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await company.GetAsync("/api/v1/prices", "nobody")).Status);
    }
}
