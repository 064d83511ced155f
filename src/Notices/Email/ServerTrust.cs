using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Guerdon.Notices.Email;

/// <summary>
/// Whether a mail server's certificate is trusted: by the system, or by an authority of the company's own. With the
/// latter its name must still be the server's, it must be one for servers, and each certificate between the two must be
/// there, in the file or sent by the server.
/// </summary>
/// <param name="authority">Roots, and what they signed to sign servers'.</param>
internal sealed class ServerTrust(X509Certificate2Collection authority) : IDisposable
{
    // id-kp-serverAuth of RFC 5280. A certificate that says nothing of its use has every use.
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Whether it signs itself, so that trust can begin with it. What another signed only leads to one.
    /// </summary>
    public static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    /// <summary>As a handshake asks it.</summary>
    /// <param name="_">Who asks.</param>
    /// <param name="certificate">The server's.</param>
    /// <param name="sent">Has what the server sent beside it.</param>
    /// <param name="errors">What the system finds wrong.</param>
    public bool Accepts(object _, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 own)
            return false;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true; // they are at addresses that the server's certificate names
        policy.ApplicationPolicy.Add(ForServers);
        foreach (var one in authority) (IsRoot(one) ? policy.CustomTrustStore : policy.ExtraStore).Add(one);
        if (sent is not null) policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(own);
    }

    public void Dispose()
    {
        foreach (var one in authority) one.Dispose();
    }
}
