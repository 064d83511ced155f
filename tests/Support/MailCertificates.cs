using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Guerdon.Tests;

/// <summary>A mail server's certificate, who signed it, and the file in which somebody is told whom to trust.</summary>
internal sealed class MailCertificates : IDisposable
{
    public const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset From = DateTimeOffset.Parse("2020-01-01T00:00:00Z", null);

    private readonly Lazy<(X509Certificate2 Root, X509Certificate2? Middle, X509Certificate2 Server)> _made;

    public MailCertificates() => _made = new(Make);

    public string Name { get; init; } = "localhost";

    /// <summary>What the server's may be used for; null: it does not say.</summary>
    public string? Usage { get; init; }

    /// <summary>Whether the root signed another authority, which signed the server's.</summary>
    public bool HasIntermediate { get; init; }

    /// <summary>Whether it says of itself that it is an authority.</summary>
    public bool IsIntermediateAuthority { get; init; } = true;

    /// <summary>Whether the server sends it.</summary>
    public bool SendsIntermediate { get; init; } = true;

    /// <summary>What the file has.</summary>
    public bool FileHasRoot { get; init; } = true;
    public bool FileHasIntermediate { get; init; }

    /// <summary>Whether the root in the file is another, of the same name.</summary>
    public bool FileHasAnotherRoot { get; init; }

    public bool IsExpired { get; init; }

    /// <summary>What a server presents.</summary>
    public SslStreamCertificateContext Context
    {
        get
        {
            var (_, middle, server) = _made.Value;
            return SslStreamCertificateContext.Create(
                server, SendsIntermediate && middle is not null ? [middle] : [], offline: true);
        }
    }

    public string WriteFile()
    {
        var (root, middle, _) = _made.Value;
        var pem = new List<string>();
        if (FileHasRoot) pem.Add(root.ExportCertificatePem());
        if (FileHasIntermediate) pem.Add(middle!.ExportCertificatePem());
        if (FileHasAnotherRoot)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var other = Authority("CN=Mail authority", key, true).CreateSelfSigned(From, From.AddYears(50));
            pem.Add(other.ExportCertificatePem());
        }

        var file = Path.Combine(TestHome.New(), "authority.pem");
        File.WriteAllText(file, string.Join('\n', pem));
        return file;
    }

    public void Dispose()
    {
        if (!_made.IsValueCreated) return;
        var (root, middle, server) = _made.Value;
        root.Dispose();
        middle?.Dispose();
        server.Dispose();
    }

    private (X509Certificate2 Root, X509Certificate2? Middle, X509Certificate2 Server) Make()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Authority("CN=Mail authority", rootKey, true).CreateSelfSigned(From, From.AddYears(50));
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var middle = !HasIntermediate ? null
            : Authority("CN=Mail department", middleKey, IsIntermediateAuthority)
                .Create(root, From.AddHours(1), From.AddYears(45), [1]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        if (Usage is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Usage)], critical: false));
        var until = IsExpired ? From.AddDays(2) : From.AddYears(40);
        using var signed = HasIntermediate
            ? request.Create(
                middle!.SubjectName, X509SignatureGenerator.CreateForECDsa(middleKey), From.AddDays(1), until, [2])
            : request.Create(root, From.AddDays(1), until, [2]);
        using var whole = signed.CopyWithPrivateKey(key);
        return (root, middle, X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null));
    }

    private static CertificateRequest Authority(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }
}
