using Guerdon.Passkeys;

namespace Guerdon.Unit.Passkeys;

/// <summary>For which name passkeys are made, and from which origin they are taken.</summary>
public sealed class PasskeyAddressTests
{
    [Theory]
    [InlineData("https://guerdon.example.com", "guerdon.example.com", "https://guerdon.example.com")]
    [InlineData("https://Guerdon.Example.com:443", "guerdon.example.com", "https://guerdon.example.com")]
    [InlineData("https://guerdon.example.com:8443", "guerdon.example.com", "https://guerdon.example.com:8443")]
    [InlineData("http://localhost:8080", "localhost", "http://localhost:8080")]
    [InlineData("https://gürdon.example", "xn--grdon-kva.example", "https://xn--grdon-kva.example")]
    public void Address_WithAName_HasOne(string address, string domain, string origin)
    {
        var given = new PasskeyAddress(new Uri(address));
        Assert.Equal((domain, origin), (given.Domain, given.Origin));
    }

    // Browsers make none for a number.
    [Theory]
    [InlineData(null)]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("https://10.0.0.7")]
    [InlineData("https://[::1]")]
    public void Address_WithoutAName_HasNone(string? address) =>
        Assert.Null(new PasskeyAddress(address is null ? null : new Uri(address)).Domain);
}
