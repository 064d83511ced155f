using System.Text;
using Microsoft.Extensions.Options;
using Stipend.Database.Compensation;
using Stipend.Host.SignIn;
using Stipend.Kernel;
using Stipend.People;
using Stipend.Tests;

namespace Stipend.Database.Host;

/// <summary>How many administrators there are, as approvals count them.</summary>
public sealed class AdministratorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Count_TwoAccountsOfOnePerson_IsOneAdministrator()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new Accounts(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var person = Guid.CreateVersion7();

        await accounts.CreateAsync("one@example.com", "One", Roles.Admin, person, null, Ct);
        await accounts.CreateAsync("two@example.com", "Two", Roles.Admin, person, null, Ct);
        await accounts.CreateAsync("three@example.com", "Three", Roles.Employee, null, null, Ct);
        Assert.Equal(1, await accounts.CountAsync(Ct));
        await accounts.CreateAsync("four@example.com", "Four", Roles.Admin, null, null, Ct);
        Assert.Equal(2, await accounts.CountAsync(Ct));
    }

    [Fact]
    public async Task Count_AccountMadeBeforeItsPersonWasOnFile_IsTheirs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new Accounts(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var first = await accounts.CreateAsync("Ada@example.com", "Ada", Roles.Admin, null, null, Ct);
        var nobody = new Actor("ada@example.com", null) { Account = first!.Value.Value };
        Assert.Null(await accounts.PersonOfAsync(nobody, Ct));

        using var file = new MemoryStream(Encoding.UTF8.GetBytes(Company.Header + Company.Row("ada@example.com")));
        await ImportPeople.RunAsync(file, dryRun: false, database.Db, TimeProvider.System, Ct);
        var ada = (await new PeopleDirectory(database.Db).FindAsync("ada@example.com", Ct))!.Id.Value;
        var second = await accounts.CreateAsync("boss@example.com", "Ada", Roles.Admin, ada, null, Ct);

        Assert.Equal(1, await accounts.CountAsync(Ct));
        Assert.Equal(ada, await accounts.PersonOfAsync(nobody, Ct));
        Assert.Equal(ada, await accounts.PersonOfAsync(new("boss@example.com", null) { Account = second!.Value.Value },
            Ct));
        Assert.Null(await accounts.PersonOfAsync(Actor.Stipend, Ct));
    }
}
