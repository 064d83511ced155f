using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Guerdon.Database.Clients;
using Guerdon.Plans;

namespace Guerdon.Database.Grants;

/// <summary>The schema of a plan's file as editors get and use it.</summary>
public sealed class PlanSchemaTests(Company company) : IClassFixture<Company>
{
    private const string Vesting = "vesting: { months: 12, cliff_months: 3, leaver: forfeit }";

    private const string Conditions = """
        vesting: { allocation_type: FRACTIONAL, leaver: accelerate 12.5%, vesting_conditions: [
            { id: a, quantity: 0, trigger: { type: VESTING_START_DATE }, next_condition_ids: [b] },
            { id: b, portion: { numerator: 1, denominator: "4.0" }, next_condition_ids: [c],
              trigger: { type: VESTING_SCHEDULE_RELATIVE, relative_to_condition_id: a,
                         period: { length: 1, type: MONTHS, occurrences: 2, day_of_month: 01 } } },
            { id: c, portion: { numerator: 1, denominator: 2, remainder: true }, next_condition_ids: [],
              trigger: { type: VESTING_SCHEDULE_ABSOLUTE, date: 2030-01-31 } } ] }
        """;

    // A part of the full example, or of the conditions above, and what stands in its place. The reader says whether it
    // is right, and the schema must say the same.
    private static readonly (string Right, string Else)[] Changes =
    [
        ("name: allowance-full", "name: Allowance"), ("name: allowance-full", "name: 2026"),
        ("name: allowance-full\n", ""), ("pool: engineering", "pool: engineering\nbudget: 3"),
        ("2026-11-01", "2026-11-02"), ("2026-11-01", "2019-12-01"), ("2026-11-01", "2199-12-01"),
        ("2026-11-01", "2200-01-01"), ("Europe/Berlin", "UTC"), ("Europe/Berlin", "CET"),
        ("share: 25%", "share: 0%"), ("share: 25%", "share: 0.0001%"), ("share: 25%", "share: 0.00001%"),
        ("share: 25%", "share: 100%"), ("share: 25%", "share: 100.1%"), ("share: 25%", "share: 0.25"),
        ("share: 25%\n  basis: base\n  mode: on-top", "share: 100%\n  basis: base\n  mode: carve-out"),
        ("basis: base", "basis: gross"), ("period: month", "period: year"), ("  period: month\n", ""),
        ("baseline_usd: 100", "baseline_usd: 0"), ("baseline_usd: 100", "baseline_usd: 1000000"),
        ("baseline_usd: 100", "baseline_usd: 1000001"), ("baseline_usd: 100", "baseline_usd: \"0.000000001\""),
        ("baseline_usd: 100", "baseline_usd: \"1000000.1\""), ("baseline_usd: 100", "baseline_usd: \"0.0\""),
        ("rollover_cap: 50%", "rollover_cap: 0%"), ("rollover_cap: 50%", "rollover_cap: 1199.9999%"),
        ("rollover_cap: 50%", "rollover_cap: 1200%"), ("rollover_cap: 50%", "rollover_cap: 1200.1%"),
        ("expires_after: P3M", "expires_after: P120M"), ("expires_after: P3M", "expires_after: P121M"),
        ("expires_after: P3M", "expires_after: P010Y"), ("expires_after: P3M", "expires_after: P11Y"),
        ("expires_after: P3M", "expires_after: P0M"), ("expires_after: P3M", "expires_after: P0120M"),
        ("tax_class: work_compute", "tax_class: none"), ("L3: 0.8", "L3: 0.1"), ("L3: 0.8", "L3: 0.09"),
        ("L3: 0.8", "L3: 5"), ("L3: 0.8", "L3: 5.1"), ("L3: 0.8", "L11: 1"),
        ("Engineering/Platform", "Engineering//Platform"), ("Engineering/Platform", "Engineering/ /Platform"),
        ("target: 80%", "target: 100%"), ("target: 80%", "target: 101%"), ("weight: 0.5", "weight: 2"),
        ("weight: 0.5", "weight: 2.1"), ("least: 0.8", "least: 0.5"), ("least: 0.8", "least: 0.49"),
        ("least: 0.8", "least: 1.1"), ("most: 1.2", "most: 2.1"), ("most: 1.2", "most: 0.9"),
        ("within_days_of_hire: 30", "within_days_of_hire: 365"),
        ("within_days_of_hire: 30", "within_days_of_hire: 366"), ("within_days_of_hire: 30", "within_days_of_hire: -1"),
        ("mode: pro-rata", "mode: half"), ("up_to_usd: 500", "up_to_usd: 500, amount_usd: 5"),
        ("up_to_usd: 500, ", ""), ("kind: package", "kind: gift"), ("name: starter", "name: a" + Forty),
        ("name: starter", "name: " + Forty), ("adds: 25%", "adds: 0%"), ("name: pilot", "name: pilot\n    votes: 1"),
        ("votes: 3", "votes: 20"), ("votes: 3", "votes: 21"), ("votes: 3", "votes: 0"),
        ("roles: [Engineer]", "roles: Engineer"), ("roles: [Engineer]", "roles: [\"\"]"),
        ("[L6, L7, L8]", "[L10]"), ("[L6, L7, L8]", "[L0]"), ("roles: [Engineer]", "countries: [DE, NO]"),
        ("roles: [Engineer]", "countries: [UK]"), ("roles: [Engineer]", "min_tenure_days: 36500"),
        ("roles: [Engineer]", "min_tenure_days: 36501"), ("EUR: 1.08", "EUX: 1.08"), ("EUR: 1.08", "USD: 1"),
        (Vesting, "vesting: { months: 0 }"), (Vesting, "vesting: { months: 1200 }"),
        (Vesting, "vesting: { months: 1201 }"), (Vesting, "vesting: { months: 12, day_of_month: 28 }"),
        (Vesting, "vesting: { months: 12, day_of_month: 29 }"), (Vesting, "vesting: { months: 12, leaver: keep }"),
        (Vesting, "vesting: { months: 12, leaver: accelerate 0% }"), (Vesting, "vesting: { object_type: OTHER }"),
        (Vesting, Conditions), ("type: VESTING_START_DATE", "type: VESTING_START_DATE, date: 2026-01-01"),
        ("quantity: 0, ", ""), ("quantity: 0", "quantity: 0, portion: { numerator: 1, denominator: 9 }"),
        ("quantity: 0", "quantity: -1"), ("\"4.0\"", "0"), ("\"4.0\"", "\"4.5\""), ("type: MONTHS", "type: DAYS"),
        ("type: MONTHS, occurrences: 2, day_of_month: 01", "type: DAYS, occurrences: 2"),
        (", day_of_month: 01", ""), ("occurrences: 2", "occurrences: 10001"), ("length: 1,", "length: 36601,"),
        ("date: 2030-01-31", "date: 2030-13-31"), ("next_condition_ids: [b]", "next_condition_ids: [b, b]"),
        ("remainder: true", "remainder: maybe"), (", relative_to_condition_id: a", ""),
    ];

    private const string Forty = "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));

    [Fact]
    public async Task Get_ByNobody_IsTheFileAndIsKept()
    {
        using var first = await GetAsync(null);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("application/schema+json", first.Content.Headers.ContentType?.ToString());
        Assert.Equal((true, TimeSpan.FromHours(1)),
            (first.Headers.CacheControl!.Public, first.Headers.CacheControl.MaxAge));
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(Root, "docs/schemas/plan.schema.json"), Ct),
            await first.Content.ReadAsByteArrayAsync(Ct));

        using var again = await GetAsync(first.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Schema_InAValidator_TakesWhatTheReaderTakes()
    {
        var folder = await NodeClients.InstalledAsync("ajv@8.20.0", "yaml@2.9.1");
        string[] plans =
        [
            await ExampleAsync("plan.yaml"), .. await ChangedAsync(),
            "name: a\neffective_from: 2026-11-01\npool: b\n", // grants nothing
            "name: a\neffective_from: 2026-11-01\npool: b\nawards: []\n",
        ];
        using var home = new ClientHome(folder);
        var (schema, texts) = (Path.Combine(home.Folder, "schema.json"), Path.Combine(home.Folder, "texts.json"));
        using (var served = await GetAsync(null))
            await File.WriteAllBytesAsync(schema, await served.Content.ReadAsByteArrayAsync(Ct), Ct);
        await File.WriteAllTextAsync(texts, JsonSerializer.Serialize(plans), Ct);

        var said = JsonSerializer.Deserialize<string?[]>(
            await NodeClients.CaseAsync(folder, "schema.mjs", schema, texts))!;

        Assert.Equal((null, null), (said[0], said[1])); // both examples as they are shipped
        Assert.Empty(
            from pair in plans.Zip(said)
            let errors = PlanFile.Read(pair.First).Errors
            where errors.Count == 0 != pair.Second is null
            select $"reader: {string.Join(' ', errors.Select(e => e.Reason))}; schema: {pair.Second}\n{pair.First}");
    }

    // The full example as it is, and by each change.
    private static async Task<IEnumerable<string>> ChangedAsync()
    {
        var full = await ExampleAsync("plan-full.yaml");
        var conditions = full.Replace(Vesting, Conditions, StringComparison.Ordinal);
        Assert.Empty(PlanFile.Read(conditions).Errors);
        return [full, .. Changes.Select(change =>
        {
            var whole = full.Contains(change.Right, StringComparison.Ordinal) ? full : conditions;
            Assert.Contains(change.Right, whole, StringComparison.Ordinal);
            return whole.Replace(change.Right, change.Else, StringComparison.Ordinal);
        })];
    }

    private static Task<string> ExampleAsync(string name) =>
        File.ReadAllTextAsync(Path.Combine(Root, "examples", name), Ct);

    private async Task<HttpResponseMessage> GetAsync(EntityTagHeaderValue? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/schemas/plan.json");
        request.Headers.Add(TestSignIn.As, "nobody");
        if (tag is not null) request.Headers.IfNoneMatch.Add(tag);
        return await company.Http.SendAsync(request, Ct);
    }
}
