using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Verification;

namespace Guerdon.Database.Metering;

/// <summary>Usage out of files as people make them: what is read, what is refused, and who pays.</summary>
public sealed class UsageImportTests(Company company) : IClassFixture<Company>
{
    private const string Map = "time=at,input=in,output=out,person=who,id=id";

    private Task<(HttpStatusCode Status, JsonElement Body)> ImportAsync(
        string csv, string source, string options = "") => company.SendAsync(
        HttpMethod.Post, $"/api/v1/usage/import?map={Map}&model=gpt-4o&source={source}{options}",
        new StringContent(csv, Encoding.UTF8, "text/csv"));

    private static long Of(JsonElement reply, string name) => reply.GetProperty(name).GetInt64();

    private static string ReasonOf(JsonElement problem, int error = 0) =>
        problem.GetProperty("errors")[error].GetProperty("reason").GetString()!;

    private async Task HireAsync(string email)
    {
        var (status, _) = await company.ImportAsync(Company.Row(email));
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private async Task VerifyAsync()
    {
        Assert.Empty(await company.VerifyAsync());
        await foreach (var finding in MeteringVerify.RunAsync(company.Db, null, Company.Ct))
            Assert.Fail(finding.ToString());
    }

    [Fact]
    public async Task Import_SameIdOtherFigures_IsAnErrorWithBothAndBooksNothing()
    {
        await HireAsync("same@use.example");
        const string first = "at;in;out;who;id\n2026-11-20T09:30:00Z;1000;50;same@use.example;r1\n";
        var (_, booked) = await ImportAsync(first, "same");
        Assert.Equal((1L, 0L), (Of(booked, "booked"), Of(booked, "already")));
        Assert.Equal("separated by semicolons, UTF-8", booked.GetProperty("readAs").GetString());

        var (_, again) = await ImportAsync(first, "same");
        Assert.Equal((0L, 1L), (Of(again, "booked"), Of(again, "already")));

        var other = first.Replace(";50;", ";75;", StringComparison.Ordinal)
            + "2026-11-20T09:31:00Z;10;5;same@use.example;r2\n";
        var (status, problem) = await ImportAsync(other, "same");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "metering.import_invalid"),
            (status, problem.GetProperty("title").GetString()));
        Assert.Contains("output was booked as 50, the file has 75", ReasonOf(problem), StringComparison.Ordinal);
        Assert.Equal(1, await company.ScalarAsync("select count(*) from metering.imported where source = 'same'"));

        var (_, kept) = await ImportAsync(other, "same", "&skipBad=true");
        Assert.Equal((2L, 1L, 0L, 1L),
            (Of(kept, "rows"), Of(kept, "booked"), Of(kept, "already"), Of(kept, "skipped")));
        await VerifyAsync();
    }

    [Theory]
    [InlineData("9999-12-31T00:00:00Z", "is not between 2000-01-01 and tomorrow, 2026-11-22")]
    [InlineData("9999-12-31", "is not between 2000-01-01 and tomorrow, 2026-11-22")]
    [InlineData("0001-01-01T00:00:00Z", "is not between")]
    [InlineData("1999-12-31T23:59:59Z", "is not between")]
    [InlineData("2026-11-23T00:00:00Z", "is not between")]
    [InlineData("2027-11-21T00:00:00Z", "is not between")]
    [InlineData("1795996800", "is not between")]
    [InlineData("yesterday", "is not a time such as")]
    [InlineData("2026-02-30T00:00:00Z", "is not a time such as")]
    [InlineData("12345", "is not a time such as")]
    public async Task Import_TimeThatCannotBe_IsRefusedWithItsRow(string at, string says)
    {
        var (status, problem) = await ImportAsync($"at,in,out,who,id\n{at},1,1,a@b.example,{at}\n", "times");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(2, problem.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Contains(says, ReasonOf(problem), StringComparison.Ordinal);
        Assert.Equal(
            0, await company.ScalarAsync("select count(*) from metering.request where started_at > '2027-01-01'"));
    }

    [Theory]
    [InlineData("1795170600", "2026-11-20 10:30:00")]
    [InlineData("1795170600.25", "2026-11-20 10:30:00.25")]
    [InlineData("1795170600123", "2026-11-20 10:30:00.123")]
    [InlineData("1795170600123456", "2026-11-20 10:30:00.123456")]
    [InlineData("1795170600123456789", "2026-11-20 10:30:00.123456")]
    [InlineData("2026-11-20T10:30:00.123456789Z", "2026-11-20 10:30:00.123456")]
    [InlineData("2026-11-20T12:30:00+02:00", "2026-11-20 10:30:00")]
    [InlineData("2026-11-20t10:30:00z", "2026-11-20 10:30:00")]
    [InlineData("2026-11-20 10:30:00", "2026-11-20 10:30:00")]
    [InlineData("2026-11-20", "2026-11-20 00:00:00")]
    public async Task Import_TimeAsExportsWriteIt_IsReadToTheMicrosecond(string at, string expected)
    {
        await HireAsync("clock@use.example");
        var source = "clock-" + Guid.NewGuid().ToString("N");
        var (status, reply) = await ImportAsync($"at,in,out,who,id\n{at},1,1,clock@use.example,x\n", source);

        Assert.Equal((HttpStatusCode.OK, 1L), (status, Of(reply, "booked")));
        Assert.Equal(1, await company.ScalarAsync(string.Create(CultureInfo.InvariantCulture, $"""
            select count(*) from metering.imported i join metering.request r using (wallet_id, request_id)
             where i.source = '{source}' and r.started_at = '{expected}+00'
            """)));
    }

    // A dated name without a row is priced by the undated one's, as the gateway prices it, and listed as doubtful.
    [Fact]
    public async Task Import_DatedModelWithoutARow_IsProvisionalAndListed()
    {
        await HireAsync("dated@use.example");
        var (status, reply) = await company.SendAsync(
            HttpMethod.Post, $"/api/v1/usage/import?map={Map},model=m&source=dated", new StringContent("""
                at,in,out,who,id,m
                2026-11-20T09:30:00Z,1000,100,dated@use.example,r1,gpt-4o-2024-05-13
                2026-11-20T09:31:00Z,1000,100,dated@use.example,r2,gpt-4o
                """));

        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        Assert.Equal(7_000_000, Of(reply, "costNanos")); // twice 1,000 at 2.5 USD a million and 100 at 10
        Assert.Equal("3 gpt-4o-2024-05-13,1 gpt-4o", await company.TextAsync("""
            select string_agg(state || ' ' || model, ',' order by started_at) from metering.request
             where request_id in (select request_id from metering.imported where source = 'dated')
            """));
        var (_, list) = await company.GetAsync("/api/v1/usage/provisional?from=2026-11-20&to=2026-11-20");
        var group = Assert.Single(list.GetProperty("groups").EnumerateArray(),
            g => g.GetProperty("model").GetString() == "gpt-4o-2024-05-13");
        Assert.Equal(("gpt-4o", 3_500_000), (group.GetProperty("pricedAs").GetString(), Of(group, "costNanos")));
        await VerifyAsync();
    }

    [Fact]
    public async Task Import_NoWalletOrTooLittle_IsBookedAsCostAndChargedAsFarAsAsked()
    {
        await HireAsync("poor@use.example");
        const string csv = "at,in,out,who,id\n2026-11-20T09:30:00Z,1000000,1000,poor@use.example,";
        var (_, free) = await ImportAsync(csv + "n1\n", "poor");
        Assert.Equal((1L, 0L), (Of(free, "booked"), Of(free, "chargedMilli"))); // there is no wallet yet
        // 1,000,000 tokens in at 2.5 USD a million and 1,000 out at 10: 2.51 USD, at 0.000001 a token.
        Assert.Equal((2_510_000_000L, 2_510_000_000L), (Of(free, "costNanos"), Of(free, "costMilli")));

        var (mustStatus, must) = await ImportAsync(csv + "n2\n", "poor", "&charge=must");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, mustStatus);
        Assert.Contains("grant more first", ReasonOf(must), StringComparison.Ordinal);

        var (badStatus, bad) = await ImportAsync(csv + "n2\n", "poor", "&charge=some");
        Assert.Equal((HttpStatusCode.BadRequest, "metering.charge_invalid"),
            (badStatus, bad.GetProperty("title").GetString()));

        await GrantAsync("poor@use.example", 1_000_000); // a thousand tokens, less than one row costs
        var (_, never) = await ImportAsync(csv + "n3\n", "poor", "&charge=never");
        Assert.Equal((1L, 0L), (Of(never, "booked"), Of(never, "chargedMilli")));
        var (_, partly) = await ImportAsync(csv + "n4\n", "poor", "&charge=available");
        Assert.Equal((1L, 1_000_000L), (Of(partly, "booked"), Of(partly, "chargedMilli")));
        Assert.Equal(2_510_000_000, Of(partly, "costMilli"));
        var (_, nothing) = await ImportAsync(csv + "n5\n", "poor");
        Assert.Equal((1L, 0L), (Of(nothing, "booked"), Of(nothing, "chargedMilli")));
        await VerifyAsync();
    }

    private async Task GrantAsync(string email, long milli)
    {
        var person = await company.Get<Guerdon.People.Employees.PeopleDirectory>().FindAsync(email, Company.Ct);
        var (pool, wallet) = (new WalletId(Guid.CreateVersion7()), new WalletId(person!.Id.Value));
        var posted = await company.Get<LedgerWriter>().PostAsync(
        [
            new()
            {
                Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = new(milli),
                Key = $"f-{email}",
            },
            new()
            {
                Kind = TransferKind.Grant, Wallet = pool, To = wallet, Amount = new(milli), Key = $"g-{email}",
                NewLot = new LotTerms("work_compute", "a test", null),
            },
        ], null, Company.Ct);
        Assert.All(posted, p => Assert.Null(p.Refused));
    }

    [Fact]
    public async Task Import_OfMoreThanTheBooksHold_IsRefusedAndBooksNothing()
    {
        await HireAsync("huge@use.example");
        // A thousand million tokens in and out cost 12,500 USD at gpt-4o's prices; 80,000 such rows a billion.
        string File(int rows) => "at,in,out,who,id\n" + string.Concat(Enumerable.Range(0, rows).Select(
            i => $"2026-11-20T09:30:00Z,1000000000,1000000000,huge@use.example,h{i}\n"));
        foreach (var options in (string[])["&charge=never", "&charge=never&dryRun=true", "&charge=never&skipBad=true"])
        {
            var (status, problem) = await ImportAsync(File(80_001), "huge", options);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "metering.import_invalid"),
                (status, problem.GetProperty("title").GetString()));
            Assert.Contains("more than a billion USD", problem.GetProperty("detail").GetString(),
                StringComparison.Ordinal);
        }

        Assert.Equal(0, await company.ScalarAsync("select count(*) from metering.imported where source = 'huge'"));
        var (_, booked) = await ImportAsync(File(2), "huge", "&charge=never");
        Assert.Equal((2L, 25_000_000_000_000L), (Of(booked, "booked"), Of(booked, "costNanos")));
        await VerifyAsync();
    }
}
