using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Guerdon.Notices.Email;

namespace Guerdon.Unit.Notices;

/// <summary>A mail server's certificate is trusted by the system, or by the company's own authority.</summary>
public sealed class ServerTrustTests : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _root = Root("CN=root");

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(SslPolicyErrors.None, true)]
    [InlineData(SslPolicyErrors.RemoteCertificateChainErrors, true)]
    [InlineData(SslPolicyErrors.RemoteCertificateNameMismatch, false)]
    [InlineData(SslPolicyErrors.RemoteCertificateNotAvailable, false)]
    [InlineData(SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch, false)]
    public void Accepts_WhatTheSystemFinds_OnlyTheChainIsOurs(SslPolicyErrors errors, bool accepts)
    {
        using var server = Signed("CN=smtp", _root, isAuthority: false, ForServers);
        using var trust = new ServerTrust([Copy(_root)]);
        Assert.Equal(accepts, trust.Accepts(this, server, null, errors));
    }

    [Theory]
    [InlineData(ForServers, true)]
    [InlineData(ForClients, false)]
    [InlineData(null, true)] // says nothing of its use
    public void Accepts_ACertificate_IsOneForServers(string? use, bool accepts)
    {
        using var server = Signed("CN=smtp", _root, isAuthority: false, use);
        using var trust = new ServerTrust([Copy(_root)]);
        Assert.Equal(accepts, trust.Accepts(this, server, null, SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Fact]
    public void Accepts_OfAnotherAuthority_OrOfNone_IsNotTrusted()
    {
        using var other = Root("CN=other");
        using var server = Signed("CN=smtp", other, isAuthority: false, ForServers);
        using var trust = new ServerTrust([Copy(_root)]);
        Assert.False(trust.Accepts(this, server, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(trust.Accepts(this, null, null, SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Theory]
    [InlineData(true, false, true)] // the certificate between is in the file
    [InlineData(false, true, true)] // or sent by the server
    [InlineData(false, false, false)]
    public void Accepts_ACertificateBetween_MustBeThere(bool isInFile, bool isSent, bool accepts)
    {
        using var between = Signed("CN=between", _root, isAuthority: true, use: null);
        using var server = Signed("CN=smtp", between, isAuthority: false, ForServers);
        using var sent = new X509Chain();
        if (isSent) sent.ChainPolicy.ExtraStore.Add(between);
        using var trust = new ServerTrust(isInFile ? [Copy(_root), Copy(between)] : [Copy(_root)]);
        Assert.Equal(accepts, trust.Accepts(this, server, sent, SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Fact]
    public void Accepts_WhatAnotherSigned_IsNoRoot()
    {
        using var between = Signed("CN=between", _root, isAuthority: true, use: null);
        using var server = Signed("CN=smtp", between, isAuthority: false, ForServers);
        using var trust = new ServerTrust([Copy(between)]); // without the root that it leads to
        Assert.False(trust.Accepts(this, server, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.True(ServerTrust.IsRoot(_root));
        Assert.False(ServerTrust.IsRoot(between));
    }

    private static X509Certificate2 Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(name, key, isAuthority: true, null).CreateSelfSigned(Begin, End);
    }

    private static X509Certificate2 Signed(string name, X509Certificate2 by, bool isAuthority, string? use)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var plain = Request(name, key, isAuthority, use)
            .Create(by, Begin.AddDays(1), End.AddDays(-1), RandomNumberGenerator.GetBytes(8));
        return plain.CopyWithPrivateKey(key);
    }

    private static DateTimeOffset Begin => DateTimeOffset.UnixEpoch.AddYears(50);

    private static DateTimeOffset End => DateTimeOffset.UnixEpoch.AddYears(150);

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority, string? use)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (use is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        return request;
    }

    private static X509Certificate2 Copy(X509Certificate2 one) => X509CertificateLoader.LoadCertificate(one.RawData);
}
