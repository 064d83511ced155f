using System.Security.Claims;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Database.Identity;

/// <summary>Acts a page at a time: all that are asked for, each once, whatever is written meanwhile.</summary>
public sealed class ActPageTests
{
    private const int Acts = 230, PageSize = 7;
    private const string Ada = "ada@corp.example", Bob = "bob@corp.example";

    private static readonly Guid Account = Guid.CreateVersion7(), Person = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = TimeProvider.System.NowMicros();
    private static readonly ClaimsPrincipal Reader = As(Roles.Auditor);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ClaimsPrincipal As(string role) => new(new ClaimsIdentity(
        [new(Access.RoleClaim, role), new(Access.ScopeClaim, Access.AllScopes)], "a test"));

    private static AccountDirectory AccountsOf(NpgsqlDataSource db) =>
        new(db, TimeProvider.System, Options.Create(new SignInOptions()));

    private static ActLog LogOf(NpgsqlDataSource db) => new(
        db, AccountsOf(db), new PeopleDirectory(db), TimeProvider.System, NullLogger<ActLog>.Instance);

    // Three are of the same moment each, so that a time alone does not say where a page ends.
    private static ActRow Row(int number) => new()
    {
        RequestId = Guid.CreateVersion7(), At = Now.AddSeconds(-(number / 3)), Who = number % 2 == 0 ? Ada : Bob,
        AccountId = number % 2 == 0 ? Account : Guid.CreateVersion7(), PersonId = number % 10 == 1 ? Person : null,
        Kind = number % 5 == 0 ? ActKinds.Throttled : ActKinds.Refused,
        Endpoint = number % 3 == 0 ? "POST /api/v1/plans" : "GET /api/v1/grants", Subject = $"id={number}",
        Status = 403,
    };

    private static async Task WriteAsync(ActLog log, IEnumerable<ActRow> rows)
    {
        foreach (var row in rows) log.Add(row, "");
        await log.FlushAsync(Ct);
    }

    private static ActFilter Filter(string who, string endpoint, string kind) =>
        ActFilter.Of((null, null), who, endpoint, kind, Now.UtcDay()).ValueOrDefault!;

    public static TheoryData<string, string, string, int> Filters => new()
    {
        { "", "", "", Acts },
        { Ada.ToUpperInvariant(), "", "", Acts / 2 },
        { $"acc_{Account:N}", "", "", Acts / 2 },
        { $"prs_{Person:N}", "", "", Acts / 10 },
        { "", "PLANS", "", 77 },
        { "", "", ActKinds.Throttled, Acts / 5 },
        { Ada, "grants", ActKinds.Refused, 61 },
        { "nobody@corp.example", "", "", 0 },
    };

    [Theory, MemberData(nameof(Filters))]
    public async Task Pages_WalkedWhileActsAreWritten_HaveEachOnce(string who, string endpoint, string kind, int count)
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = LogOf(database.Db);
        var history = new ActHistory(database.Db, log);
        await WriteAsync(log, Enumerable.Range(0, Acts).Select(Row));
        var filter = Filter(who, endpoint, kind);
        var (seen, after, pages) = (new List<ActEntry>(), (string?)null, 0);
        do
        {
            var page = (await history.PageAsync(filter, after, PageSize, Reader, Ct)).ValueOrDefault!;
            seen.AddRange(page.Acts);
            after = page.Next;
            pages++;
            // Newer than all, and one that was committed later than its time says.
            await WriteAsync(log, new[] { Now.AddSeconds(pages), Now.AddSeconds(-pages) }.Select((at, i) =>
                Row(0) with { At = at, Subject = $"new={pages}.{i}", Endpoint = "POST /api/v1/plans grants" }));
        } while (after is not null);

        var first = seen.Where(act => act.Subject.StartsWith("id=", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            Enumerable.Range(0, Acts).Where(n => first.Any(act => act.Subject == $"id={n}")).Select(n => $"id={n}"),
            first.Select(act => act.Subject).Order(StringComparer.Ordinal).OrderBy(id => int.Parse(id[3..], null)));
        Assert.Equal(count, first.Count);
        Assert.Equal(seen.Count, seen.Select(act => act.Act).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(act => act.At).Select(act => act.At), seen.Select(act => act.At));
    }

    [Fact]
    public async Task Page_OfWhomAFailedSignInWasFor_HasIt()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = LogOf(database.Db);
        await WriteAsync(log, [Row(1) with { Who = "", AccountId = null, Subject = Ada }, Row(3)]);
        var page = await new ActHistory(database.Db, log).PageAsync(Filter(Ada, "", ""), null, PageSize, Reader, Ct);
        Assert.Equal(Ada, Assert.Single(page.ValueOrDefault!.Acts).Subject);
    }

    // All else of a row of pay is known to many, so that its digest tells the amount to whoever tries them all.
    [Theory]
    [InlineData(Roles.Auditor, true)]
    [InlineData(Roles.Administrator, false)]
    public async Task Page_OfWrites_HasDigestsForWhomPayIsShown(string role, bool hasDigests)
    {
        await using var database = await TestDatabase.CreateAsync();
        using (Acting.As(new LocalAct("account create", TimeProvider.System)))
            await AccountsOf(database.Db).CreateAsync(Ada, "Ada", [Roles.Employee], null, null, Ct);
        var page = await new ActHistory(database.Db, LogOf(database.Db)).PageAsync(
            Filter("", "", ActKinds.Write), null, PageSize, As(role), Ct);
        var changes = page.ValueOrDefault!.Acts.SelectMany(act => act.Changes).ToList();
        Assert.Contains(changes, change => change.StartsWith("host.account (", StringComparison.Ordinal)
            && change.Contains(") insert", StringComparison.Ordinal));
        Assert.All(changes, change => Assert.Equal(hasDigests, change.Split(' ')[^1].Length == 64));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("00000000000000000000000000000000")]
    public async Task Page_AfterWhatNoPageGave_IsRefused(string after)
    {
        await using var database = await TestDatabase.CreateAsync();
        var page = await new ActHistory(database.Db, LogOf(database.Db)).PageAsync(
            Filter("", "", ""), after, 1, Reader, Ct);
        Assert.Equal("host.page_invalid", page.Refused?.Refusal.Code);
    }

    [Fact]
    public async Task Chain_BeforeAndAfterAPass_SaysHowFarItIs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = LogOf(database.Db);
        var history = new ActHistory(database.Db, log);
        Assert.Null(await history.ChainAsync(Ct));
        await WriteAsync(log, [Row(1), Row(2)]);
        await ChainActs.PassAsync(database.Db, TimeProvider.System, Ct);
        await WriteAsync(log, [Row(3)]);
        var chain = await history.ChainAsync(Ct);
        Assert.Equal((2L, 1L), (chain!.Acts, chain.Waiting));
    }
}
