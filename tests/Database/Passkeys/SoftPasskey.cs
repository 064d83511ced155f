using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guerdon.Database.Passkeys;

/// <summary>A device with one passkey, written from the standard and not from what checks it (WebAuthn level 3, CTAP
/// 2.1): ECDSA on P-256, and as much of CBOR as it takes. It signs whatever it is told to.</summary>
internal sealed class SoftPasskey : IDisposable
{
    /// <summary>That somebody touched it, and that it made sure who.</summary>
    public const byte Touched = 0x01, Verified = 0x04;

    private const byte HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>By which the server knows it.</summary>
    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Whose the server said it is.</summary>
    public string UserHandle { get; set; } = "";

    /// <summary>Uses so far; of a device that does not count it stays 0.</summary>
    public uint Count { get; set; }

    public bool Counts { get; init; } = true;

    /// <summary>What a browser does by itself, and another may do otherwise.</summary>
    public sealed record Lies
    {
        public string? Origin { get; init; }
        public string? Domain { get; init; }
        public string? Type { get; init; }
        public byte Flags { get; init; } = Touched | Verified;
        public bool CrossOrigin { get; init; }
        public string? Challenge { get; init; }
        public string? UserHandle { get; init; }
        public bool HasNoHandle { get; init; }
        public byte[]? Id { get; init; }
        public bool IsOtherKey { get; init; }
        public bool IsSignedOtherwise { get; init; }
    }

    /// <summary>Makes the passkey that the server asks for.</summary>
    /// <param name="options">As the server gave them.</param>
    /// <param name="origin">Of the page.</param>
    /// <param name="lies">What is otherwise.</param>
    public string Make(string options, string origin, Lies? lies = null)
    {
        lies ??= new();
        var asked = JsonElement.Parse(options);
        UserHandle = asked.GetProperty("user").GetProperty("id").GetString()!;
        var domain = lies.Domain ?? asked.GetProperty("rp").GetProperty("id").GetString()!;
        byte[] data =
        [
            .. Head(domain, (byte)(lies.Flags | HasCredential)), .. new byte[16], 0, (byte)Id.Length, .. Id,
            .. PublicKey(),
        ];
        // {"fmt": "none", "attStmt": {}, "authData": …}
        byte[] attestation =
        [
            0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x58,
            (byte)data.Length, .. data,
        ];
        return Answer(lies.Id ?? Id, new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(ClientData(
                lies.Type ?? "webauthn.create", asked.GetProperty("challenge").GetString()!, origin, lies)),
            ["attestationObject"] = Base64Url.EncodeToString(attestation),
            ["transports"] = new JsonArray("internal", "made-up"),
        });
    }

    /// <summary>Signs what the server asks for.</summary>
    public string Sign(string options, string origin, Lies? lies = null)
    {
        lies ??= new();
        var asked = JsonElement.Parse(options);
        if (Counts) Count++;
        var data = Head(lies.Domain ?? asked.GetProperty("rpId").GetString()!, lies.Flags);
        var client = ClientData(
            lies.Type ?? "webauthn.get", asked.GetProperty("challenge").GetString()!, origin, lies);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        if (lies.IsSignedOtherwise) signed[^1] ^= 1;
        var response = new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString((lies.IsOtherKey ? other : _key).SignData(
                signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
        };
        if (!lies.HasNoHandle) response["userHandle"] = lies.UserHandle ?? UserHandle;
        return Answer(lies.Id ?? Id, response);
    }

    public void Dispose() => _key.Dispose();

    private static string Answer(byte[] id, JsonObject response) => new JsonObject
    {
        ["id"] = Base64Url.EncodeToString(id), ["rawId"] = Base64Url.EncodeToString(id), ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(), ["authenticatorAttachment"] = "platform",
        ["response"] = response,
    }.ToJsonString();

    private static byte[] ClientData(string type, string challenge, string origin, Lies lies) =>
        Encoding.UTF8.GetBytes(new JsonObject
        {
            ["type"] = type, ["challenge"] = lies.Challenge ?? challenge, ["origin"] = lies.Origin ?? origin,
            ["crossOrigin"] = lies.CrossOrigin,
        }.ToJsonString());

    private byte[] Head(string domain, byte flags) =>
    [
        .. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), flags, (byte)(Count >> 24), (byte)(Count >> 16),
        (byte)(Count >> 8), (byte)Count,
    ];

    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(false).Q;
        return
        [
            0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!,
        ];
    }

    private static byte[] Text(string text) => [(byte)(0x60 | text.Length), .. Encoding.UTF8.GetBytes(text)];
}
