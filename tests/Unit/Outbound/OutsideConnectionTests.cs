using System.Net;
using System.Net.Sockets;
using Guerdon.Outbound;

namespace Guerdon.Unit.Outbound;

/// <summary>A name is judged by what it resolves to when Guerdon connects, not by its text alone.</summary>
public sealed class OutsideConnectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("models.example.com", "93.184.216.34", "", true)]
    [InlineData("models.example.com", "127.0.0.1", "", false)] // a name that was made to point inside
    [InlineData("models.example.com", "::1", "", false)]
    [InlineData("models.example.com", "::ffff:10.0.0.1", "", false)]
    [InlineData("models.example.com", "0.0.0.0", "", false)]
    [InlineData("models.example.com", "192.168.1.9", "models.example.com", true)] // whoever runs the node says so
    [InlineData("models.example.com", "192.168.1.9", "models.example.com:443", true)]
    [InlineData("models.example.com", "192.168.1.9", "models.example.com:444", false)]
    [InlineData("models.example.com", "192.168.1.9", "192.168.0.0/16", true)]
    [InlineData("models.example.com", "169.254.169.254", "0.0.0.0/0", false)]
    [InlineData("models.example.com", "::ffff:169.254.169.254", "models.example.com", false)]
    [InlineData("::1", "::1", "::1", true)]
    [InlineData("models.example.com", "64:ff9b::7f00:1", "", false)] // 127.0.0.1 by a translator
    [InlineData("models.example.com", "64:ff9b::a9fe:a9fe", "0.0.0.0/0", false)]
    [InlineData("models.example.com", "64:ff9b::5db8:d822", "", true)]
    [InlineData("models.example.com", "64:ff9b:1::1", "", false)]
    public void MayCall_WhatANameResolvesTo_IsJudgedAsAnAddress(string host, string ip, string allowed, bool may) =>
        Assert.Equal(may, InsideAddresses.MayCall(
            new DnsEndPoint(host, 443), IPAddress.Parse(ip), Allowing(allowed)));

    [Fact]
    public async Task Open_InsideAndNotAllowed_NeverConnects()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var to = new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndpoint).Port);

        var no = await Assert.ThrowsAsync<SocketException>(async () =>
            await OutsideConnections.OpenAsync(to, Allowing(""), Ct));

        Assert.Equal(SocketError.AccessDenied, no.SocketErrorCode);
        Assert.False(listener.Pending());
        await using var open = await OutsideConnections.OpenAsync(to, Allowing("localhost"), Ct);
        using var taken = await listener.AcceptTcpClientAsync(Ct);
        Assert.True(taken.Connected);
    }

    private static AllowedInside Allowing(string entry) => new("A:Setting", entry.Length == 0 ? [] : [entry]);
}
