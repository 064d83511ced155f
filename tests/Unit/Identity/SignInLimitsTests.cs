using System.Globalization;
using System.Net;
using Guerdon.Identity;
using Guerdon.Identity.SignIn;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Identity;

public sealed class SignInLimitsTests
{
    private const string Owner = "owner@example.com";

    private readonly SignInLimits _limits = new(Options.Create(new SignInOptions()), TimeProvider.System);

    [Fact]
    public void Take_FromManySubnetsOfOneSite_IsStoppedForTheSiteAlone()
    {
        var passed = Enumerable.Range(0, 2_000).Count(i => _limits.Take(Subnet(i), $"a{i}@example.com", null) is null);

        Assert.Equal(4 * 60, passed);
        Assert.Null(_limits.Take(IPAddress.Parse("2001:db8:2::1"), Owner, null));
        Assert.Null(_limits.Take(IPAddress.Parse("203.0.113.1"), Owner, null));
    }

    [Fact]
    public void Take_OneEmailFromManySubnets_IsStoppedWellBeforeTheSiteIs()
    {
        var passed = Enumerable.Range(0, 2_000).Count(i => _limits.Take(Subnet(i), Owner, null) is null);

        Assert.Equal(4 * 10, passed);
        Assert.Null(_limits.Take(Subnet(0), "another@example.com", null));
    }

    [Fact]
    public void Take_RefusedOrGivenBack_LeavesNothingInMemory()
    {
        for (var i = 0; i < 5_000; i++)
        {
            Assert.Null(_limits.Take(Subnet(i), Owner, null));
            _limits.GiveBack(Subnet(i), Owner, null);
        }

        Assert.Equal(0, _limits.Count);
        for (var i = 0; i < 5_000; i++) _limits.Take(Subnet(i), Owner, null);
        Assert.InRange(_limits.Count, 1, 40 + 40 + 1 + 1); // those that passed
    }

    private static IPAddress Subnet(int i) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1:{i:x}::1"));
}
