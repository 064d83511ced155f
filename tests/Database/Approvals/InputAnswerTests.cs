using System.Net;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Approvals.Inputs;
using Guerdon.Database.Grants;
using Guerdon.Database.Payroll;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Approvals;

/// <summary>What is said of a proposal is so, and says what to do.</summary>
public sealed class InputAnswerTests : IAsyncLifetime
{
    private const string Terms = "/api/v1/conversion-terms";
    private const string Ann = "admin:ann@example.com", Bob = "admin:bob@example.com";

    private readonly Company _company = new();

    public ValueTask InitializeAsync() => _company.InitializeAsync();

    public ValueTask DisposeAsync() => _company.DisposeAsync();

    [Fact]
    public async Task WhereNobodyMay_ItIsSaid_AndWhatHelps()
    {
        _company.Admins.Outside = 0;
        using var file = new StringContent(PayScene.Terms);
        var (_, body) = await _company.SendAsync(HttpMethod.Post, Terms, file, Ann);
        var id = InputCalls.IdOf(body.GetProperty("waits"));
        var shown = await _company.GetAsync($"/api/v1/inputs/{id}", Ann);
        foreach (var answer in new[] { body, shown.Body })
        {
            var whoMay = answer.GetProperty("whoMay").GetString();
            Assert.StartsWith("nobody as things are", whoMay, StringComparison.Ordinal);
            Assert.Contains("guerdon account create", whoMay, StringComparison.Ordinal);
        }
    }

    // With a sign-in of an hour ago it waits, and the answer says for what.
    [Fact]
    public async Task OnlyAdministrator_WhoseSignInIsOld_IsToldToSignInAgain()
    {
        _company.Admins.Count = 1;
        _company.Get<IOptions<ApprovalOptions>>().Value.LoneAdministrator = true;
        var founder = new Actor("founder@example.com", null) { Account = Guid.NewGuid(), IsConfirmedAt = _ => false };
        var proposed = await _company.Get<InputProposals>().ProposeAsync(
            "conversion_terms", new("", PayScene.Terms), founder, Company.Ct);
        Assert.True(proposed.Is(out var outcome, out _));
        Assert.Equal(
            "the only administrator, saying that they decide alone, after signing in again ('guerdon login')",
            outcome.Waits!.WhoMay);
        var again = await _company.Get<InputProposals>().ProposeAsync(
            "conversion_terms", new("", PayScene.Terms), founder with { IsConfirmedAt = _ => true }, Company.Ct);
        Assert.True(again.Is(out outcome, out _));
        Assert.Null(outcome.Waits);
    }

    // By whichever way they stay out of it they are told which it is.
    [Fact]
    public async Task WhoeverIsOfFew_IsToldWhy()
    {
        await _company.ImportAsync(Company.Row("few@example.com"));
        var few = await CallerAsync("few@example.com");
        var waits = await _company.ProposeAsync(Terms, PayScene.Terms, Ann);
        var now = await _company.ApproveInputAsync(waits, few);
        Assert.Contains("you are one of them", Detail(now.Body), StringComparison.Ordinal);
        await _company.ImportAsync(string.Concat(
            Enumerable.Range(0, 25).Select(i => Company.Row($"many{i}@example.com"))));
        var shown = (await _company.GetAsync($"/api/v1/inputs/{InputCalls.IdOf(waits)}", few)).Body;
        var then = await _company.ApproveInputAsync(shown.GetProperty("proposal"), few);
        Assert.Contains("you were one of them", Detail(then.Body), StringComparison.Ordinal);
    }

    // The newest sent again answers 200, also once it could not be applied any more.
    [Fact]
    public async Task NewestTerms_SentAgainAfterTheirLastWindow_AnswerAsEver()
    {
        Assert.Equal(HttpStatusCode.OK, (await _company.ApplyAsync(Terms, PayScene.Terms)).Status);
        _company.Clock.Now = new(2027, 6, 1, 9, 0, 0, TimeSpan.Zero);
        using var same = new StringContent(PayScene.Terms);
        var again = await _company.SendAsync(HttpMethod.Post, Terms, same, Ann);
        Assert.True(again.Status == HttpStatusCode.OK, again.Body.ToString());
        Assert.False(again.Body.GetProperty("added").GetBoolean());
        using var other = new StringContent(PayScene.Terms + "\n# other");
        Assert.Equal(
            "compensation.terms_never_open", (await _company.SendAsync(HttpMethod.Post, Terms, other, Ann)).Code());
    }

    // The last line of a page is approved before the next is asked for.
    [Fact]
    public async Task NextPage_GoesOn_WhereThePageEnded_ThoughThatIsDecidedSince()
    {
        var ids = new List<string>();
        foreach (var who in new[] { "ann", "carl", "dora" })
        {
            ids.Add(InputCalls.IdOf(await _company.ProposeAsync(
                Terms, $"{PayScene.Terms}\n# {who}", $"admin:{who}@example.com")));
            _company.Clock.Now += TimeSpan.FromMinutes(1);
        }

        var first = (await _company.GetAsync("/api/v1/inputs?limit=1", Bob)).Body;
        Assert.Equal(ids[2], InputCalls.IdOf(first.GetProperty("inputs")[0]));
        var done = await _company.ApproveInputAsync(first.GetProperty("inputs")[0], Bob);
        Assert.True(done.Status == HttpStatusCode.OK, done.Body.ToString());
        var next = (await _company.GetAsync($"/api/v1/inputs?after={first.GetProperty("next").GetString()}", Bob)).Body;
        Assert.Equal(
            [ids[1], ids[0], ids[2]], next.GetProperty("inputs").EnumerateArray().Select(InputCalls.IdOf));
        Assert.Equal("approvals.page_invalid",
            (await _company.GetAsync($"/api/v1/inputs?after={ids[0]}", Bob)).Code());
    }

    // Looks wait for one another, and for no connection; whoever waited too long is told to come again.
    [Fact]
    public async Task FortyPlansAtOnce_OfManyPeople_AreAnswered()
    {
        await _company.ImportAsync(string.Concat(
            Enumerable.Range(0, 2_000).Select(i => Company.Row($"many{i}@example.com"))));
        const string plan = """
            name: plan
            effective_from: 2026-12-01
            pool: pool
            allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
            """;
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var file = new StringContent($"{plan}\n# {i}");
            return await _company.SendAsync(
                HttpMethod.Post, "/api/v1/plans", file, $"admin:asker{i}@example.com");
        }));
        Assert.All(answers, answer => Assert.True(
            answer.Status == HttpStatusCode.Accepted || answer.Code() == "approvals.input_busy",
            answer.Body.ToString()));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.Accepted);
    }

    private static string? Detail(JsonElement refused) => refused.GetProperty("detail").GetString();

    private async Task<string> CallerAsync(string email) =>
        $"admin:{email}:{(await _company.Get<PeopleDirectory>().FindAsync(email, Company.Ct))!.Id}";
}
