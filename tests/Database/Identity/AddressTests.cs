using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Metering.Audit;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>E-mail addresses change; a person is their id, and their account follows.</summary>
public sealed class AddressTests : IAsyncLifetime
{
    private const string Password = "a long enough one";
    private const string Columns =
        "person_id,email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency,"
        + "payroll_id\n";

    private RealApp _app = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RealApp.StartAsync();
        _admin = _app.Client();
        var accounts = _app.Services.GetRequiredService<AccountDirectory>();
        var root = (await accounts.FindByEmailAsync(RealApp.Admin, Ct))!;
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await _app.Services.GetRequiredService<ApiTokens>().CreateAsync(root.Id, "test", Ct)).Token);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Email_ChangedByApi_PersonAccountAndSessionStayAndTheNewAddressSignsIn()
    {
        await ImportedAsync(Row(null, "ada@x.example", "Ada"));
        var ada = await PersonAsync("ada@x.example");
        var session = await AccountAsync("ada@x.example", ada);

        var (status, reply) = await ChangeAsync("ada@x.example", "  Ada.New@X.example ");

        Assert.Equal((HttpStatusCode.OK, "ada@x.example", "ada.new@x.example"),
            (status, Text(reply, "was"), Text(reply, "now")));
        Assert.Equal(ada, await PersonAsync(" ADA.NEW@x.example "));
        Assert.Equal("ada.new@x.example", Text(await MeAsync(session), "email"));
        using var client = _app.Client();
        Assert.Equal(HttpStatusCode.SeeOther, await SignInAsync(client, "ada.new@x.example"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(client, "ada@x.example"));
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync($"{ada}", "ada.new@x.example")).Status); // once more
        await VerifyAsync();
    }

    [Theory]
    [InlineData("bob@x.example", HttpStatusCode.Conflict, "people.email_taken")]
    [InlineData("BOB@x.example ", HttpStatusCode.Conflict, "people.email_taken")]
    [InlineData("other@example.com", HttpStatusCode.Conflict, "people.email_taken")] // an account of nobody on file
    [InlineData("not an address", HttpStatusCode.UnprocessableEntity, "people.email_invalid")]
    [InlineData("", HttpStatusCode.UnprocessableEntity, "people.email_invalid")]
    public async Task Email_TakenOrNone_IsRefusedWithBothNamedAndChangesNothing(
        string email, HttpStatusCode status, string code)
    {
        await ImportedAsync(Row(null, "ada@x.example", "Ada") + Row(null, "bob@x.example", "Bob"));
        var ada = await PersonAsync("ada@x.example");
        await AccountAsync("ada@x.example", ada);

        var (answered, problem) = await ChangeAsync("ada@x.example", email);

        Assert.Equal((status, code), (answered, Text(problem, "title")));
        if (code == "people.email_taken")
        {
            Assert.Contains("Ada", Text(problem, "detail"), StringComparison.Ordinal);
            Assert.Contains(
                email.StartsWith("other", StringComparison.Ordinal) ? "who is not on file" : "Bob (prs_",
                Text(problem, "detail"), StringComparison.Ordinal);
        }

        Assert.Equal(ada, await PersonAsync("ada@x.example"));
        Assert.Equal("ada@x.example", (await _app.Services.GetRequiredService<AccountDirectory>().FindByEmailAsync(
            "ada@x.example", Ct))?.Email);
    }

    [Fact]
    public async Task File_SomebodyHasTheAddressThatAnotherWouldPassThrough_BothAreAsTheFileSays()
    {
        await ImportedAsync(Row(null, "ada@x.example", "Ada") + Row(null, "bob@x.example", "Bob"));
        var (ada, bob) = (await PersonAsync("ada@x.example"), await PersonAsync("bob@x.example"));
        var odd = $"moving-{Guid.Parse(ada["prs_".Length..])}@moving.invalid";
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(bob, odd)).Status);

        Assert.Equal("0 1 0", Counts(await ImportedAsync(Row(ada, "ada.new@x.example", "Ada"))));
        Assert.Equal((ada, bob), (await PersonAsync("ada.new@x.example"), await PersonAsync(odd)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task File_TwoPeopleSwapAddresses_EachKeepsIdWalletAndAccount(bool byId)
    {
        await ImportedAsync(Row(null, "ada@x.example", "Ada", "1") + Row(null, "bob@x.example", "Bob", "2"));
        var (ada, bob) = (await PersonAsync("ada@x.example"), await PersonAsync("bob@x.example"));
        var adas = await AccountAsync("ada@x.example", ada);
        await AccountAsync("bob@x.example", bob);

        var reply = await ImportedAsync(
            Row(byId ? ada : null, "Bob@x.example", "Ada", byId ? "" : "1")
            + Row(byId ? bob : null, " ada@x.example", "Bob", byId ? "" : "2"));

        Assert.Equal("0 2 0", Counts(reply));
        Assert.Equal(2, reply.GetProperty("emailChanges").GetArrayLength());
        Assert.Equal((bob, ada), (await PersonAsync("ada@x.example"), await PersonAsync("bob@x.example")));
        var me = await MeAsync(adas);
        Assert.Equal((ada, "bob@x.example"), (Text(me, "person"), Text(me, "email")));
        await VerifyAsync();
        Assert.Equal("0 0 2", Counts(await ImportedAsync(
            Row(ada, "bob@x.example", "Ada") + Row(bob, "ada@x.example", "Bob"))));
    }

    [Fact]
    public async Task File_IdentityFindsThePerson_AddressChangesAndOthersMayHaveTheOld()
    {
        await ImportedAsync(Row(null, "ada@x.example", "Ada", "77"));
        var ada = await PersonAsync("ada@x.example");

        var dry = await ImportedAsync(Row(null, "lovelace@x.example", "Ada", "77"), dryRun: true);
        Assert.Equal("lovelace@x.example", Text(dry.GetProperty("emailChanges")[0], "now"));
        Assert.Equal(ada, await PersonAsync("ada@x.example"));

        // Somebody new has the old address in the very same file.
        Assert.Equal("1 1 0", Counts(await ImportedAsync(
            Row(null, "ada@x.example", "Another Ada", "78") + Row(null, "lovelace@x.example", "Ada", "77"))));
        Assert.Equal(ada, await PersonAsync("lovelace@x.example"));
        Assert.NotEqual(ada, await PersonAsync("ada@x.example"));
    }

    [Fact]
    public async Task File_AddressOfAnotherUnknownIdOrPersonTwice_IsARowErrorAndChangesNothing()
    {
        await ImportedAsync(Row(null, "ada@x.example", "Ada", "1") + Row(null, "bob@x.example", "Bob", "2"));
        var (ada, bob) = (await PersonAsync("ada@x.example"), await PersonAsync("bob@x.example"));

        var taken = await ErrorAsync(Row(ada, "bob@x.example", "Ada"));
        Assert.Contains($"Bob ({bob})", taken, StringComparison.Ordinal);
        Assert.Contains($"Ada ({ada})", taken, StringComparison.Ordinal);
        Assert.Contains("There is no person", await ErrorAsync(
            Row("prs_00000000000070008000000000000001", "new@x.example", "New")), StringComparison.Ordinal);
        Assert.Contains("is not an id of a person", await ErrorAsync(Row("7", "n@x.example", "N")),
            StringComparison.Ordinal);
        Assert.Contains("line 2 has already", await ErrorAsync(
            Row(ada, "a1@x.example", "Ada") + Row(null, "a2@x.example", "Ada", "1")), StringComparison.Ordinal);
        await AccountAsync("ada@x.example", ada);
        Assert.Contains("who is not on file", await ErrorAsync(Row(ada, "other@example.com", "Ada")),
            StringComparison.Ordinal);

        Assert.Equal((ada, bob), (await PersonAsync("ada@x.example"), await PersonAsync("bob@x.example")));
    }

    [Fact]
    public async Task Account_OfNobody_BecomesThePersonsWhoComesOnFile()
    {
        using var client = _app.Client();
        var session = await _app.SessionAsync(); // admin@example.com, whom nobody has imported yet
        Assert.Equal("", Text(await MeAsync(session), "person"));

        await ImportedAsync(Row(null, RealApp.Admin, "Admin"));

        Assert.Equal(await PersonAsync(RealApp.Admin), Text(await MeAsync(session), "person"));
        await VerifyAsync();
    }

    [Fact]
    public async Task Kinds_Declared_AreColumnsAndPayrollCanUseThem()
    {
        var yaml = await File.ReadAllTextAsync(RunningApp.Example("payroll.yaml"), Ct);
        var badge = yaml.Replace("employee_id: email", "employee_id: badge_no", StringComparison.Ordinal);
        foreach (var path in new[] { "payroll/check", "payroll" })
        {
            using var refused = await _admin.PostAsync(Api(path), new StringContent(badge), Ct);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Ct);
            Assert.Equal("compensation.payroll_identity_unknown", Text(problem, "title"));
            Assert.Contains("badge_no", Text(problem, "detail"), StringComparison.Ordinal);
            Assert.Contains("payroll_id", Text(problem, "detail"), StringComparison.Ordinal);
            Assert.Contains("guerdon person kind", Text(problem, "nextStep"), StringComparison.Ordinal);
        }

        using (var declared = await _admin.PostAsJsonAsync(Api("people/identity-kinds"), new { kind = "badge_no" }, Ct))
            Assert.Equal(HttpStatusCode.OK, declared.StatusCode);
        foreach (var wrong in new[] { "email", "person_id", "Badge", "1a", "", new string('a', 41) })
        {
            using var no = await _admin.PostAsJsonAsync(Api("people/identity-kinds"), new { kind = wrong }, Ct);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, no.StatusCode);
        }

        foreach (var path in new[] { "payroll/check", "payroll" })
        {
            using var done = await _admin.PostAsync(Api(path), new StringContent(badge), Ct);
            // Applied once another approves it, of whom there is none here.
            Assert.Equal(path == "payroll" ? HttpStatusCode.Accepted : HttpStatusCode.OK, done.StatusCode);
        }

        await ImportedAsync(
            Row(null, "ada@x.example", "Ada", "1,B-9"), columns: Columns.TrimEnd('\n') + ",badge_no\n");
        Assert.Equal(2, await NumberAsync("select count(*) from people.v_identity where value in ('1', 'B-9')"));
    }

    private static string Row(string? id, string email, string name, string payroll = "") =>
        $"{id},{email},{name},Ops,Engineer,L4,US,CC,2020-01-01,,1,1,USD,{payroll}\n";

    private static Uri Api(string path) => new("/api/v1/" + path, UriKind.Relative);

    private async Task<JsonElement> ImportedAsync(string rows, bool dryRun = false, string columns = Columns)
    {
        var (status, reply) = await ImportAsync(rows, dryRun, columns);
        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        return reply;
    }

    private async Task<string> ErrorAsync(string rows)
    {
        var (status, reply) = await ImportAsync(rows, false, Columns);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        return Text(reply.GetProperty("errors")[0], "reason");
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> ImportAsync(string rows, bool dryRun, string columns)
    {
        using var csv = new StringContent(columns + rows, Encoding.UTF8, "text/csv");
        using var answer = await _admin.PostAsync(Api($"people/import?dryRun={dryRun}"), csv, Ct);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> ChangeAsync(string person, string email)
    {
        using var answer = await _admin.PutAsJsonAsync(
            Api($"people/{Uri.EscapeDataString(person)}/email"), new { email }, Ct);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    private async Task<string> PersonAsync(string email) =>
        $"{(await _app.Services.GetRequiredService<PeopleDirectory>().FindAsync(email, Ct))!.Id}";

    // A session of a new account of theirs.
    private async Task<string> AccountAsync(string email, string person)
    {
        Assert.True(PersonId.TryParse(person, out var id));
        await _app.Services.GetRequiredService<AccountDirectory>().CreateAsync(
            email, "Somebody", [Roles.Employee], id.Value, Password, Ct);
        using var client = _app.Client();
        using var answer = await RealApp.SignInAsync(client, email, Password);
        return RealApp.Cookie(answer, "guerdon")!;
    }

    private static async Task<HttpStatusCode> SignInAsync(HttpClient client, string email)
    {
        using var answer = await RealApp.SignInAsync(client, email, Password);
        return answer.StatusCode;
    }

    private async Task<JsonElement> MeAsync(string session)
    {
        using var client = _app.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, Api("me"));
        request.Headers.Add("Cookie", session);
        using var answer = await client.SendAsync(request, Ct);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }

    private async Task VerifyAsync()
    {
        await foreach (var finding in VerifyEverything.RunAsync(_app.Db, null, Ct)) Assert.Fail($"{finding}");
    }

    private async Task<long> NumberAsync(string sql)
    {
        await using var connection = await _app.Db.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private static string Counts(JsonElement reply) =>
        $"{reply.GetProperty("created")} {reply.GetProperty("updated")} {reply.GetProperty("unchanged")}";

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
