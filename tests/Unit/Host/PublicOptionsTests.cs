using Guerdon.Host.Running;

namespace Guerdon.Unit.Host;

public sealed class PublicOptionsTests
{
    // A year in every browser cannot be taken back: names that may be others' are left out unless somebody says so.
    [Theory]
    [InlineData("https://tokens.hr.example.co.uk:8443", true, "max-age=31536000; includeSubDomains")]
    [InlineData("https://example.co.uk", false, "max-age=31536000")]
    [InlineData("https://guerdon.example.com", false, "max-age=31536000")]
    [InlineData("http://localhost:8080", true, null)]
    [InlineData("", true, null)]
    public void Hsts_HoldsForNamesBelow_WhereSomebodySaysSo(string address, bool setting, string? said) =>
        Assert.Equal(said, new PublicOptions { Address = address, HstsSubdomains = setting }.Hsts);
}
