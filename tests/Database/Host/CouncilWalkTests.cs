using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Guerdon.Gateway.Stops;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Metering;
using Guerdon.Metering.Rollups;
using Guerdon.People.Employees;
using Guerdon.Privacy;
using Guerdon.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Host;

/// <summary>
/// Somebody has used what nobody else has: figures that are told by nothing but them. Every endpoint and page is asked,
/// in each way that it can be asked, by somebody else with all roles. In works-council mode no answer has one of the
/// figures; without it some have. Endpoints are found, not listed, and figures are read from the database.
/// </summary>
public sealed class CouncilWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const string Alone = "gpt-4.1-mini"; // a model that they alone use

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Endpoints =>
        running.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    [Fact]
    public async Task Answers_ToAnother_HaveNoFigureOfAnybody_InCouncilMode()
    {
        var victim = await FindAsync(RunningApp.Person);
        var (month, last) = GroupUse.MonthOf(Today, Today);
        await UseAsync(victim, month.AddDays(9));
        var figures = await FiguresAsync(victim);
        Assert.True(figures.Count >= 12, string.Join(' ', figures));
        using var other = await OtherAsync(victim);

        var open = await TellingAsync(other, victim, figures, month, last);
        foreach (var endpoint in new[]
        {
            "/api/v1/wallets/{personOrEmail}", "/api/v1/statements/{personOrEmail}",
            "/api/v1/statements/{personOrEmail}/pay-period", "/api/v1/overview", "/api/v1/gateway-stops", "/admin", "/admin/people", "/admin/people/{Person}",
            "/admin/people/{Person}/requests", "/admin/people/{Person}/statement", "/statement.csv",
        }) Assert.Contains(open, one => one.StartsWith(endpoint + ": ", StringComparison.Ordinal));

        await SwitchAsync(true);
        Assert.Equal("", string.Join('\n', await TellingAsync(other, victim, figures, month, last)));

        // They see their own all the same.
        var own = await TellingAsync(running.Employee, victim, figures, month, last);
        foreach (var endpoint in new[]
        {
            "/api/v1/wallets/{personOrEmail}", "/api/v1/statements/{personOrEmail}",
            "/api/v1/statements/{personOrEmail}/pay-period", "/", "/requests", "/statement", "/statement.csv",
        }) Assert.Contains(own, one => one.StartsWith(endpoint + ": ", StringComparison.Ordinal));

        // What becomes pay has to be approved and paid: their quote is theirs, and pay is there.
        using var quote = await other.PostAsJsonAsync(
            new Uri($"/api/v1/people/{victim.Id}/conversions/quote", UriKind.Relative),
            new { form = "cash", tokensMilli = 1_000_000_000L }, Ct);
        Assert.Equal(HttpStatusCode.NotFound, quote.StatusCode);
        foreach (var path in (string[])
            [$"people/{victim.Id}/pay-lines", $"people/{victim.Id}/rewards", "payroll/exports"])
            using (var pay = await other.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Ct))
                Assert.Equal(HttpStatusCode.OK, pay.StatusCode);
    }

    private static DateOnly Today => TimeProvider.System.Today();

    private Task SwitchAsync(bool isOn) => new CouncilMode(
        running.Db, Options.Create(new PrivacyOptions { WorksCouncil = isOn }), TimeProvider.System).ApplyAsync(Ct);

    private async Task<Person> FindAsync(string email) =>
        (await running.App.Services.GetRequiredService<PeopleDirectory>().FindAsync(email, Ct))!;

    // Somebody of the company with every role, to whom the person reports besides.
    private async Task<HttpClient> OtherAsync(Person victim)
    {
        var emails = File.ReadLines(RunningApp.Example("people.csv")).Skip(2).Select(line => line.Split(',')[0]);
        var manager = await FindAsync(emails.First());
        using var changed = await running.Admin.PostAsJsonAsync(
            new Uri($"/api/v1/people/{victim.Id}/changes", UriKind.Relative), new { manager = $"{manager.Id}" }, Ct);
        Assert.Equal(200, (await running.ApprovedAsync(changed)).Status);
        var account = await running.App.Services.GetRequiredService<AccountDirectory>().CreateAsync(
            manager.Email, "Another", [.. Roles.Names], manager.Id.Value, RunningApp.Password, Ct);
        return running.Client((await running.App.Services.GetRequiredService<ApiTokens>()
            .CreateAsync(account!.Value, "a walk", Ct)).Token);
    }

    // In a month that is over, together with others and by themselves; and today.
    private async Task UseAsync(Person victim, DateOnly day)
    {
        await running.FundAsync(50_000_000);
        var others = File.ReadLines(RunningApp.Example("people.csv")).Skip(2).Select(line => line.Split(',')[0]);
        var rows = new StringBuilder("at,in,out,who\n");
        foreach (var (email, i) in others.Take(7).Select((email, i) => (email, i)))
            rows.Append(CultureInfo.InvariantCulture, $"{day.Iso()}T10:00:00Z,{2_000_000 + i},{300_000 + i},{email}\n");
        rows.Append(CultureInfo.InvariantCulture, $"{day.Iso()}T11:00:00Z,2345671,345677,{victim.Email}\n");
        await ImportAsync("gpt-4o", $"{rows}");
        var now = TimeProvider.System.GetUtcNow();
        await ImportAsync(Alone, "at,in,out,who\n" + string.Create(CultureInfo.InvariantCulture,
            $"{day.Iso()}T12:00:00Z,1234577,234587,{victim.Email}\n"
            + $"{now:yyyy-MM-ddTHH:mm:ss}Z,3456789,456791,{victim.Email}\n"));
        await StopStore.AddAsync(running.Db, new(
            new(Guid.CreateVersion7()), new(victim.Id.Value), Alone, 7_654_321, 8_765_433, now), Ct);
    }

    private async Task ImportAsync(string model, string csv)
    {
        using var body = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var sent = await running.Admin.PostAsync(
            new Uri($"/api/v1/usage/import?map=time=at,input=in,output=out,person=who&model={model}&source={model}",
                UriKind.Relative), body, Ct);
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(Ct));
    }

    // Numbers as they are stored, of calls, days, balances and bookings, and the ids of calls.
    private async Task<IReadOnlyList<string>> FiguresAsync(Person victim)
    {
        const string numbers = """
            select input::bigint as number, false as is_milli from metering.v_request where wallet_id = $1
            union select output::bigint, false from metering.v_request where wallet_id = $1
            union select cost_nanos, false from metering.v_request where wallet_id = $1
            union select charged_milli, true from metering.v_request where wallet_id = $1
            union select charged_milli, true from metering.v_day_total where wallet_id = $1
            union select available_milli, true from ledger.v_balance
                   where wallet_id = $1 and asset = ledger.asset_compute()
            union select spent_milli, true from ledger.v_balance where wallet_id = $1
            union select cost_milli, true from gateway.v_wallet_stop where wallet_id = $1
            """;
        const string calls = "select request_id from metering.v_request where wallet_id = $1";
        var figures = await running.Db.ReadAsync(
            numbers, row => (Number: row.Bigint("number"), IsMilli: row.Bool("is_milli")), [victim.Id.Value], Ct);
        var ids = await running.Db.ReadAsync(
            calls, row => $"{row.Id<RequestId>("request_id")}", [victim.Id.Value], Ct);
        return
        [
            .. figures.Where(one => one.Number > 100_000).SelectMany(one => (string[])
            [
                $"{one.Number}", one.Number.ToString("#,0", CultureInfo.InvariantCulture),
                .. one.IsMilli ? TextsOf(new(one.Number)) : [],
            ]).Concat(ids).Distinct(),
        ];
    }

    private static string[] TextsOf(Tokens tokens) =>
        [$"{tokens}", $"{tokens}".Replace(",", "", StringComparison.Ordinal)];

    // What tells, as "endpoint: figure, at such an address".
    private async Task<IReadOnlyList<string>> TellingAsync(
        HttpClient http, Person victim, IReadOnlyList<string> figures, DateOnly month, DateOnly last)
    {
        var told = new List<string>();
        foreach (var endpoint in Endpoints)
        {
            var route = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                || endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
                || route.StartsWith("/live/", StringComparison.Ordinal)
                || endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == false) continue;
            foreach (var path in PathsOf(endpoint, victim, month, last))
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Ct);
                var text = await answer.Content.ReadAsStringAsync(Ct);
                if (figures.FirstOrDefault(figure => Has(text, figure)) is not { } found) continue;
                told.Add($"{route}: {found}, at {path}");
                break;
            }
        }

        return told;
    }

    private static IEnumerable<string> PathsOf(RouteEndpoint endpoint, Person victim, DateOnly month, DateOnly last)
    {
        var path = EndpointRequests.PathOf(endpoint.RoutePattern, null, null);
        var route = endpoint.RoutePattern.RawText!;
        if (route.Contains("{personOrEmail}", StringComparison.Ordinal))
            path = path.Replace(Uri.EscapeDataString(RunningApp.Person), $"{victim.Id}", StringComparison.Ordinal);
        if (route.Contains("{Person}", StringComparison.Ordinal))
            path = path.Replace(Uri.EscapeDataString(RunningApp.Person), $"{victim.Id}", StringComparison.Ordinal);
        var next = last.AddDays(1);
        yield return path;
        foreach (var query in (string[])
        [
            $"person={victim.Id}", $"person={victim.Id}&month={month:yyyy-MM}", "all=true", "state=sent",
            $"from={month.Iso()}&to={last.Iso()}", $"from={month.AddDays(9).Iso()}&to={month.AddDays(9).Iso()}",
            $"from={month.Iso()}&to={next.Iso()}&format=csv", $"from={month.Iso()}&to={next.Iso()}&format=hledger",
            $"month={month:yyyy-MM}", $"period={month:yyyy-MM}", $"day={Today.Iso()}", "format=csv", "q=a",
            "limit=1000",
            $"quarter={QuarterOf(next)}&base={QuarterOf(month)}",
        ]) yield return $"{path}?{query}";
    }

    private static string QuarterOf(DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{day.Year}Q{((day.Month - 1) / 3) + 1}");

    private static bool Has(string text, string figure)
    {
        for (var at = text.IndexOf(figure, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(figure, at + 1, StringComparison.Ordinal))
        {
            var (before, after) = (at == 0 ? ' ' : text[at - 1],
                at + figure.Length == text.Length ? ' ' : text[at + figure.Length]);
            if (!IsOfNumber(before) && !IsOfNumber(after)) return true;
        }

        return false;

        static bool IsOfNumber(char c) => char.IsAsciiLetterOrDigit(c);
    }
}
