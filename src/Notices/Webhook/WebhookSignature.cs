using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guerdon.Notices.Webhook;

/// <summary>
/// By which a receiver knows that a notice is from us and is not an old one: HMAC-SHA256 over the timestamp, a dot and
/// the body, with a secret that both have. No I/O.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>The same for each try: what a receiver has had, it need not take again.</summary>
    public const string NoticeHeader = "x-guerdon-notice";

    /// <summary>When this try was made, in seconds since 1970.</summary>
    public const string TimestampHeader = "x-guerdon-timestamp";

    /// <summary>One signature for each secret, as <c>v1=hex,v1=hex</c>; one that fits is enough.</summary>
    public const string SignatureHeader = "x-guerdon-signature";

    /// <summary>The value of <see cref="TimestampHeader"/>.</summary>
    public static string TimestampOf(DateTimeOffset at) =>
        at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    /// <param name="timestamp">The value of the other header.</param>
    /// <param name="body">As it is sent, byte for byte.</param>
    /// <param name="secrets">One, or two while they change.</param>
    public static string Of(string timestamp, ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp + "."), .. body];
        return string.Join(',', secrets.Select(secret =>
            "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), signed))));
    }
}
