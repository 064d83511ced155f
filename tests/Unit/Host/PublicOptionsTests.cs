using Guerdon.Host.Running;

namespace Guerdon.Unit.Host;

public sealed class PublicOptionsTests
{
    // A year in every browser cannot be taken back: names that may be others' are left out unless somebody says so.
    [Theory]
    [InlineData("https://guerdon.example.com", null, "max-age=31536000; includeSubDomains")]
    [InlineData("https://tokens.hr.example.co.uk:8443", null, "max-age=31536000; includeSubDomains")]
    [InlineData("https://example.com", null, "max-age=31536000")]
    [InlineData("https://guerdon", null, "max-age=31536000")]
    [InlineData("https://example.com", true, "max-age=31536000; includeSubDomains")]
    [InlineData("https://guerdon.example.com", false, "max-age=31536000")]
    [InlineData("http://localhost:8080", true, null)]
    [InlineData("", true, null)]
    public void Hsts_HoldsForNamesBelow_WhereTheyAreItsOwn(string address, bool? setting, string? said) =>
        Assert.Equal(said, new PublicOptions { Address = address, HstsSubdomains = setting }.Hsts);
}
