using Microsoft.Extensions.Options;
using Stipend.Host.SignIn;
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
}
