using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Conversions;
using Guerdon.Payroll.PayProofs;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Database.Payroll;

/// <summary>A company whose terms let people convert, and people with rewards.</summary>
internal sealed class PayScene(Company company)
{
    public const string One = "admin:one@example.com", Two = "admin:two@example.com";

    public const string Terms = """
        effective_from: 2026-01-01
        notice_days: 14
        lock: 72h
        approval: required
        windows:
          - name: autumn
            from: 2026-11-01
            to: 2027-01-31
        cash:
          rates: {USD: 0.001}
          reason: Round figures, so that a test reads as bookkeeping.
          most_per_window: 5000
          most_per_year: 5000
        time_off:
          tokens_per_day: 100
          reason: Round figures, so that a test reads as bookkeeping.
        claims:
          services: [ChatGPT Plus]
          within_days: 90
        """;

    private static readonly WalletId Pool = new(Guid.NewGuid());
    private int _people;

    public FinishConversions Job => company.Get<IEnumerable<IHostedService>>().OfType<FinishConversions>().Single();

    public static async Task<PayScene> OpenAsync(Company company, string terms = Terms)
    {
        company.Clock.Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
        var scene = new PayScene(company);
        var (status, body) = await company.ApplyAsync("/api/v1/conversion-terms", terms);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return scene;
    }

    /// <summary>Somebody new with one lot for each class.</summary>
    public async Task<PersonId> HireAsync(params (string TaxClass, long Tokens, DateTimeOffset? Expires)[] lots)
    {
        var email = $"p{Interlocked.Increment(ref _people)}-{Guid.NewGuid():N}@example.com";
        var (status, body) = await company.ImportAsync(Company.Row(email));
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        var person = (await company.Get<PeopleDirectory>().FindAsync(email, Company.Ct))!.Id;
        foreach (var (taxClass, tokens, expires) in lots)
        {
            var key = Guid.NewGuid().ToString("N");
            var asset = TaxClass.Find(taxClass)!.Asset;
            await PostAsync(new()
            {
                Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = Pool, Asset = asset,
                Amount = new(tokens * 1_000), Key = "f" + key,
            });
            await PostAsync(new()
            {
                Kind = TransferKind.Grant, Wallet = Pool, To = new WalletId(person.Value), Asset = asset,
                Amount = new(tokens * 1_000), Key = "g" + key, NewLot = new LotTerms(taxClass, "a test", expires),
            });
        }

        return person;
    }

    public Task<PersonId> HireAsync(long cashTokens) => HireAsync(("convertible_cash", cashTokens, null));

    public Task<(HttpStatusCode Status, JsonElement Body)> RequestAsync(
        PersonId person, long tokens, string key, string form = "cash", string? caller = null, int? lot = null) =>
        PostAsync($"/api/v1/people/{person}/conversions", new { key, form, tokensMilli = tokens * 1_000, lot },
            caller ?? $"{person}");

    /// <summary>A request that must be taken; its id.</summary>
    public async Task<string> LockAsync(PersonId person, long tokens, string key = "k", string form = "cash")
    {
        var (status, body) = await RequestAsync(person, tokens, key, form);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body.GetProperty("conversion").GetProperty("id").GetString()!;
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object? body, string caller) =>
        company.SendAsync(HttpMethod.Post, path, JsonContent.Create(body ?? new { }), caller);

    /// <summary>Decides a conversion; its reversal as it is asked for now, unless another step is named.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> DecideAsync(
        string conversion, string does, string caller, string? reason = null, int? step = null)
    {
        var path = $"/api/v1/conversions/{conversion}";
        object body = does.StartsWith("reversal/", StringComparison.Ordinal)
            ? new { step = step ?? await StepAsync(company, path) } : new { reason };
        return await PostAsync($"{path}/{does}", body, caller);
    }

    /// <summary>The last step of a conversion.</summary>
    public static async Task<int> StepAsync(Company company, string path) =>
        (await company.GetAsync(path)).Body.GetProperty("conversion").GetProperty("step").GetInt32();

    /// <summary>Where a person's reward tokens are: available, locked and converted, in whole tokens.</summary>
    public async Task<(long Available, long Locked, long Converted)> TokensAsync(PersonId person)
    {
        var lots = await WalletLots.OfAsync(company.Db, new WalletId(person.Value), Asset.Reward, Company.Ct);
        return (lots.Sum(l => l.Available.Milli) / 1_000, lots.Sum(l => l.Locked.Milli) / 1_000,
            lots.Sum(l => l.Converted.Milli) / 1_000);
    }

    public async Task<JsonElement> LinesAsync(PersonId person) =>
        (await company.GetAsync($"/api/v1/people/{person}/pay-lines", $"{person}")).Body.GetProperty("payLines");

    public async Task<List<string>> NoticesAsync(PersonId person) =>
    [
        .. (await company.GetAsync($"/api/v1/people/{person}/notices", $"{person}")).Body.GetProperty("notices")
            .EnumerateArray().Select(n => n.GetProperty("kind").GetString()!),
    ];

    public Task<(HttpStatusCode Status, JsonElement Body)> ClaimAsync(
        PersonId person, byte[] receipt, string amount = "20.00", string? caller = null)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent("OpenAI"), "vendor" }, { new StringContent("ChatGPT Plus"), "service" },
            { new StringContent("2026-11-02"), "spentOn" }, { new StringContent(amount), "amount" },
            { new StringContent("USD"), "currency" }, { new StringContent("Drafts"), "purpose" },
        };
        var file = new ByteArrayContent(receipt);
        file.Headers.ContentType = new MediaTypeHeaderValue("text/html"); // what a browser claims counts for nothing
        form.Add(file, "receipt", "receipt.html");
        return company.SendAsync(HttpMethod.Post, "/api/v1/claims", form, caller ?? $"{person}");
    }

    /// <summary>Everything that verify would name.</summary>
    public async Task<List<string>> VerifyAsync()
    {
        List<string> found = [.. await company.VerifyAsync()];
        await foreach (var finding in VerifyPayLines.RunAsync(company.Db, Company.Ct)) found.Add($"{finding}");
        return found;
    }

    private async Task PostAsync(Transfer transfer) =>
        Assert.Null((await company.Get<LedgerWriter>().PostAsync(transfer, Company.Ct)).Refused);
}

internal static class PayAnswers
{
    public static string Code(this (HttpStatusCode Status, JsonElement Body) answer) =>
        answer.Status == HttpStatusCode.OK ? "ok" : answer.Body.GetProperty("title").GetString()!;

    public static string State(this (HttpStatusCode Status, JsonElement Body) answer) =>
        answer.Code() is not "ok" and { } no
            ? no : answer.Body.GetProperty("conversion").GetProperty("state").GetString()!;

    public static bool Done(this (HttpStatusCode Status, JsonElement Body) answer) =>
        answer.Body.GetProperty("done").GetBoolean();
}
