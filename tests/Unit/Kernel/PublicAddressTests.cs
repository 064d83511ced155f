using System.Net;
using Guerdon.Kernel;
using Guerdon.Offers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Unit.Kernel;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:8080")]
    [InlineData("::ffff:10.0.0.7", "http://10.0.0.7:8080")]
    [InlineData("::1", "http://[::1]:8080")]
    [InlineData(null, "http://localhost")]
    public void Of_NoneConfigured_IsWhereTheConnectionCame(string? local, string address)
    {
        var http = Asked();
        http.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
        http.Connection.LocalPort = 8080;
        Assert.Equal(address, PublicAddress.Of(http));
        Assert.Equal($"{address}/offer/x", ShareOffer.AddressOf(http, "x"));
    }

    [Fact]
    public void Of_Configured_IsThatWhateverTheHostHeaderSays()
    {
        var http = Asked();
        http.Features.Set(new PublicAddress(new Uri("https://pay.guerdon.example")));
        Assert.Equal("https://pay.guerdon.example/offer/x", ShareOffer.AddressOf(http, "x"));
    }

    private static DefaultHttpContext Asked()
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("evil.example");
        return http;
    }
}
