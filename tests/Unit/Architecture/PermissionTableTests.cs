using System.Globalization;
using System.Reflection;
using System.Security.Claims;
using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Unit.Architecture;

/// <summary>The table of permissions: it says what the documents say, and what no role may have.</summary>
public sealed class PermissionTableTests
{
    private const string File = "docs/security.md";
    private const string Begin = "<!-- permissions: written by PermissionTableTests -->\n", End = "<!-- end -->";

    private static ClaimsPrincipal As(IEnumerable<string> roles, params string[] scopes) => new(new ClaimsIdentity(
        [
            new(Access.PersonClaim, $"prs_{Own:N}"), .. roles.Select(role => new Claim(Access.RoleClaim, role)),
            .. scopes.DefaultIfEmpty(Access.AllScopes).Select(scope => new Claim(Access.ScopeClaim, scope)),
        ], "test"));

    private static readonly Guid Own = Guid.NewGuid();

    [Fact]
    public void Names_AreEachInTheTable_Once()
    {
        var constants = typeof(Permissions).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Order();
        Assert.Equal(constants, Permissions.All.Select(p => p.Name).Order());
        Assert.All(Permissions.All, p => Assert.NotEmpty(p.Roles));
    }

    [Fact]
    public void Auditor_ReadsAllThatIsRead_AndWritesNothing() => Assert.All(Permissions.All, permission =>
        Assert.Equal(permission.Writes ? Reach.None : Reach.Everyone, permission.In(Roles.Auditor)));

    // They give roles, or run machines: what people are paid does not concern them.
    [Theory]
    [InlineData(Roles.Administrator)]
    [InlineData(Roles.Platform)]
    [InlineData(Roles.Board)]
    [InlineData(Roles.Manager)]
    public void Role_ThatPayDoesNotConcern_SeesNone(string role) =>
        Assert.DoesNotContain(Permissions.All, permission => permission.ShowsPay && permission.In(role) != Reach.None);

    // So that a page can tell everybody, role by role, who sees what about them.
    [Fact]
    public void Role_ThatSeesOthers_SeesAllOrATeamAlone()
    {
        foreach (var role in Roles.Names)
            Assert.True(Permissions.All.Where(p => p.TellsOfOthers).Select(p => p.In(role))
                .Where(reach => reach > Reach.Own).Distinct().Count() <= 1, role);
        Assert.All(Permissions.All.Where(p => p.ShowsPay), p => Assert.False(p.IsOfNobody));
        Assert.True(Permissions.Of(Permissions.WalletsRead).TellsOfOthers);
        Assert.False(Permissions.Of(Permissions.KeysMake).TellsOfOthers); // one's own alone
        Assert.False(Permissions.Of(Permissions.PricesRead).TellsOfOthers);
    }

    [Fact]
    public void Founder_DoesAll_SoThatNothingStops() => Assert.All(Permissions.All, permission =>
        Assert.NotEqual(Reach.None, Access.ReachOf(As(Roles.Founder), permission.Name)));

    // Whatever else they are: an auditor who could change what they audit is none.
    [Fact]
    public void Auditor_WithOtherRoles_ChangesWhatIsTheirOwnAlone()
    {
        var caller = As(Roles.Names);
        foreach (var permission in Permissions.All.Where(p => p.Writes))
            Assert.Equal(permission.In(Roles.Employee), Access.ReachOf(caller, permission.Name));
        Assert.True(Access.May(caller, Permissions.ClaimsFile, Own));
        Assert.False(Access.May(caller, Permissions.ConversionsRequest, Guid.NewGuid()));
    }

    [Fact]
    public void Scopes_Narrow_AndNeverWiden()
    {
        var finance = As([Roles.Finance], Permissions.LedgerRead, Permissions.PlansWrite);
        Assert.True(Access.May(finance, Permissions.LedgerRead));
        Assert.False(Access.May(finance, Permissions.GrantsApprove)); // not among the scopes
        Assert.False(Access.May(finance, Permissions.PlansWrite)); // not finance's
        Assert.False(Access.May(As([Roles.Finance], "nonsense"), Permissions.LedgerRead));
    }

    // A list that is empty by mistake would otherwise open all.
    [Fact]
    public void Scopes_None_OpenNothing_ExceptInASession()
    {
        Claim[] founder = [.. Roles.Founder.Select(role => new Claim(Access.RoleClaim, role))];
        var token = new ClaimsPrincipal(new ClaimsIdentity(founder, "test"));
        var session = new ClaimsPrincipal(
            new ClaimsIdentity([.. founder, new Claim(Access.SessionClaim, "ses_1")], "test"));
        foreach (var permission in Permissions.All)
        {
            Assert.False(Access.May(token, permission.Name));
            Assert.True(Access.May(session, permission.Name));
        }
    }

    // What a second person approves, or applies, is money, unless it is said here why not.
    [Fact]
    public void Permissions_ThatApprove_ApproveMoney_OrAreListed()
    {
        var listed = new Dictionary<string, string>
        {
            [Permissions.TiersDecide] = "what models somebody may use; their wallet stays as it is",
        };
        foreach (var permission in Permissions.All.Where(p =>
            p.Name.Split(':')[^1] is "approve" or "apply" or "decide"))
            Assert.True(permission.ApprovesMoney != listed.ContainsKey(permission.Name), permission.Name);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-600, true)]
    [InlineData(-601, false)]
    [InlineData(60, true)] // by the clock of another node
    [InlineData(61, false)]
    public void Confirmed_IsOfTheLastMinutes_AndNotOfTheFuture(int seconds, bool expected)
    {
        var now = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        Claim[] claims = [new(Access.SessionClaim, "ses_1"), new(Access.ConfirmedClaim,
            now.AddSeconds(seconds).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))];
        Assert.Equal(expected, Access.IsConfirmed(new(new ClaimsIdentity(claims, "test")), now));
        Assert.False(Access.IsConfirmed(new(new ClaimsIdentity(claims[1..], "test")), now));
    }

    [Fact]
    public void Reach_IsTheWidestOfAllRoles()
    {
        var (both, own) = (As([Roles.Employee, Roles.Finance]), As([Roles.Employee]));
        Assert.True(Access.May(both, Permissions.WalletsRead, Guid.NewGuid()));
        Assert.True(Access.May(own, Permissions.WalletsRead, Own));
        Assert.False(Access.May(own, Permissions.WalletsRead, Guid.NewGuid()));
        Assert.False(Access.MayWithAll(own, Permissions.WalletsRead));
        Assert.False(Access.May(new ClaimsPrincipal(new ClaimsIdentity()), Permissions.PricesRead));
        Assert.Equal(Reach.None, Access.ReachOf(both, "no:such"));
    }

    // Whoever adds one has to say which: nobody sees another's use by a permission that was forgotten.
    [Fact]
    public void Permissions_ThatTellOfOthers_ShowUse_OrSayWhyTheyStay() => Assert.All(Permissions.All, permission =>
        Assert.True(permission.TellsOfOthers == (permission.ShowsUse != permission.StillWhy is not null),
            permission.Name));

    [Fact]
    public void CouncilMode_EndsTheReachOfUse_AtOneself()
    {
        foreach (var role in Roles.Names)
        {
            var (always, then) = (As([role]), As([role]));
            ((ClaimsIdentity)then.Identity!).AddClaim(new(Access.GroupsOnlyClaim, "on"));
            foreach (var permission in Permissions.All)
                Assert.Equal(
                    permission.ShowsUse && permission.In(role) > Reach.Own ? Reach.None
                        : Access.ReachOf(always, permission.Name),
                    Access.ReachOf(then, permission.Name));
        }

        var both = As([Roles.Employee, Roles.Finance, Roles.Manager]);
        ((ClaimsIdentity)both.Identity!).AddClaim(new(Access.GroupsOnlyClaim, "on"));
        Assert.True(Access.May(both, Permissions.WalletsRead, Own));
        Assert.False(Access.May(both, Permissions.WalletsRead, Guid.NewGuid()));
        Assert.Equal(Reach.Own, Access.ReachOf(both, Permissions.SpendRead));
    }

    // A caller without the claim would see everybody's: there is one place that makes callers. The other has nothing
    // but a session's secret, by which they are found.
    [Fact]
    public void Callers_AreMadeInOnePlace() => Assert.Equal(
        ["src/Identity/Accounts/Principals.cs", "src/Identity/Sessions/SessionCookie.cs"],
        Repository.Files("src", ".cs", ".razor").Where(file => Repository.Read(file).Contains("ClaimsIdentity("))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Document_HasTheTable() => HasOrGets(File, Begin, Table());

    [Fact]
    public void Guide_HasWhatOthersStillSee() => HasOrGets(
        "docs/guides/works-council.md", "<!-- still: written by PermissionTableTests -->\n",
        "| permission | opens | why |\n|---|---|---|\n" + string.Concat(Permissions.All
            .Where(permission => permission.StillWhy is not null)
            .Select(permission => $"| `{permission.Name}` | {permission.Opens} | {permission.StillWhy} |\n")));

    private static void HasOrGets(string file, string begin, string table)
    {
        var text = Repository.Read(file);
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(End, from, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("GUERDON_UPDATE") == "1")
            System.IO.File.WriteAllText(Path.Combine(Repository.Root, file), text[..from] + table + text[to..]);
        else Assert.Equal(table, text[from..to]);
    }

    private static string Table()
    {
        var table = new StringBuilder("| permission | opens | " + string.Join(" | ", Roles.Names) + " |\n|---|---|"
            + string.Concat(Roles.Names.Select(_ => "---|")) + "\n");
        foreach (var permission in Permissions.All)
        {
            var marks = (permission.Writes ? " ✎" : "") + (permission.ShowsPay ? " $" : "")
                + (permission.ShowsUse ? " §" : "")
                + (permission.ApprovesMoney ? " †" : "");
            table.Append($"| `{permission.Name}`{marks} | {permission.Opens} |");
            foreach (var role in Roles.Names)
                table.Append(permission.In(role) switch
                {
                    Reach.Own => " own |",
                    Reach.Team => " team |",
                    Reach.Everyone => " ✓ |",
                    _ => " |",
                });
            table.Append('\n');
        }

        return table.ToString();
    }
}
