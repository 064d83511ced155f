using Dapper;
using Guerdon.Cli;
using Guerdon.Database.Simulation;
using Guerdon.Host.Database;
using Guerdon.Host.Simulated;
using Guerdon.Host.Verbs;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Terminal;
using Guerdon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Database.Host;

/// <summary>The demo never touches what is somebody's, and leaves nothing where nobody named a folder.</summary>
public sealed class DemoTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RefuseOthers_DatabaseOfARealInstallation_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await DemoAccounts.RefuseOthersAsync(database.Db, Ct); // nobody is there

        await In(database).CreateAsync("boss@company.example", "Boss", Roles.Founder, null, "a real password", Ct);

        var no = await Assert.ThrowsAsync<NotTheDemosException>(() =>
            DemoAccounts.RefuseOthersAsync(database.Db, Ct));
        Assert.Contains("has 1 account and 0 people", no.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefuseOthers_PeopleWithoutAnAccount_AreRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await HireAsync(database.Db, "mia@company.example");

        var no = await Assert.ThrowsAsync<NotTheDemosException>(() =>
            DemoAccounts.RefuseOthersAsync(database.Db, Ct));
        Assert.Contains("has 0 accounts and 1 person", no.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAdmins_Again_MakesNewPasswordsForItsOwnAccountsAlone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var services = Services(database);

        var (first, approver) = await DemoAccounts.OpenAdminsAsync(services, Ct);
        var (again, _) = await DemoAccounts.OpenAdminsAsync(services, Ct);
        await DemoAccounts.RefuseOthersAsync(database.Db, Ct);

        Assert.NotEqual(first.Email, approver.Email);
        Assert.Equal(4, new[] { first, approver, again }.Select(a => a.Password).Append("demo-guerdon").Distinct()
            .Count());
        var accounts = In(database);
        Assert.Null(await accounts.CheckPasswordAsync(first.Email, first.Password, Ct));
        Assert.NotNull(await accounts.CheckPasswordAsync(again.Email, again.Password, Ct));
    }

    [Fact]
    public async Task OpenAdmins_RealAccountOfTheSameEmail_KeepsItsPassword()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var services = Services(database);
        var accounts = In(database);
        await accounts.CreateAsync(DemoAccounts.Preparer, "Real", Roles.Founder, null, "a real password", Ct);

        await Assert.ThrowsAsync<NotTheDemosException>(() => DemoAccounts.OpenAdminsAsync(services, Ct));

        Assert.NotNull(await accounts.CheckPasswordAsync(DemoAccounts.Preparer, "a real password", Ct));
    }

    [Fact]
    public async Task Demo_KeptTwice_GrantsOnceByTwoAdministratorsAndTellsNoPassword()
    {
        var home = TestHome.New();
        var (code, said) = await RunAsync("demo", "--once", "--keep", home);
        Assert.True(code == ExitCodes.Done, said);
        Assert.Contains(
            $"prepared by {DemoAccounts.Preparer}, approved by {DemoAccounts.Approver}", said,
            StringComparison.Ordinal);
        Assert.DoesNotContain("password", said, StringComparison.OrdinalIgnoreCase);

        var (codeAgain, saidAgain) = await RunAsync("demo", "--once", "--keep", home);
        Assert.True(codeAgain == ExitCodes.Done, saidAgain);
        Assert.Contains("granted to 200 people before", saidAgain, StringComparison.Ordinal);

        await using var database = await DatabaseSetup.OpenAsync(
            new DatabaseOptions { Home = home }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Ct);
        await using var connection = await database.Source.OpenConnectionAsync(Ct);
        var (by, decided) = await connection.QuerySingleAsync<(string, string)>(
            "select prepared_by, decided_by from compensation.v_grant_run");
        Assert.Equal((DemoAccounts.Preparer, DemoAccounts.Approver), (by, decided));

        // A real installation in that folder: refused, and nobody's password is another.
        await In(database.Source).CreateAsync(
            "boss@company.example", "Boss", Roles.Founder, null, "a real password", Ct);
        var (refused, why) = await RunAsync("demo", "--once", "--keep", home);
        Assert.Equal(ExitCodes.Refused, refused);
        Assert.Contains("host.not_the_demos", why, StringComparison.Ordinal);

        // Nor is a year played there, whose clock would let tokens expire that somebody has.
        var salaries = Path.Combine(home, "salaries.csv");
        await File.WriteAllLinesAsync(salaries, YearTests.Salaries, Ct);
        var (yearRefused, yearWhy) = await RunAsync("year", "--salaries", salaries, "--people", "8", "--keep", home);
        Assert.Equal(ExitCodes.Refused, yearRefused);
        Assert.Contains("host.year_not_empty", yearWhy, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] words)
    {
        await using var said = new StringWriter();
        var both = TextWriter.Synchronized(said);
        var code = await CliModule.RunAsync(CliModule.Build(LocalVerbs.All()), words, both, both, Ct);
        return (code, said.ToString());
    }

    private static async Task HireAsync(NpgsqlDataSource db, string email)
    {
        await using var command = db.CreateCommand("""
            with t as (insert into people.team (team_id, path) values (gen_random_uuid(), 'Sales'))
            insert into people.person (person_id, email, name, team, role, level, country, cost_centre, hired_on,
                                       base_pay_cents, total_pay_cents, currency)
            values (gen_random_uuid(), $1, 'Mia', 'Sales', 'Engineer', 'L4', 'DE', 'CC1', '2024-01-01', 1, 1, 'EUR')
            """);
        command.Parameters.Add(new() { Value = email });
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static ServiceProvider Services(TestDatabase database) => new ServiceCollection()
        .AddSingleton(database.Db).AddSingleton(In(database)).AddSingleton(new PeopleDirectory(database.Db))
        .AddSingleton(new ApiTokens(database.Db, TimeProvider.System))
        .AddSingleton(new NewPasswords(database.Db, TimeProvider.System, Few)).BuildServiceProvider();

    private static IOptions<SignInOptions> Few => Options.Create(new SignInOptions { PasswordIterations = 1_000 });

    private static AccountDirectory In(TestDatabase database) => In(database.Db);

    private static AccountDirectory In(NpgsqlDataSource db) =>
        new(db, TimeProvider.System, Few);
}
