using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Guerdon.Forms;

/// <summary>
/// The token of a page's forms: random, the account's own, good for two days. What a form sends is spent once with it,
/// whichever node drew the page and whichever takes it. A page has one token; each of its forms spends its own part.
/// </summary>
public sealed class FormTokens(IDataProtectionProvider ring, TimeProvider clock)
{
    public const string Field = "__once";

    /// <summary>How long a page may stand open. What was spent is known for as long, so that nothing is done twice.
    /// </summary>
    public static readonly TimeSpan LastsFor = TimeSpan.FromDays(2);

    public const string FormNameField = "_handler"; // the framework's
    private const int RandomBytes = 16;
    private const int AccountAt = RandomBytes;
    private const int MadeAt = AccountAt + 16;
    private const int ContentAt = MadeAt + sizeof(long);
    private const int Length = ContentAt + 1;

    private static readonly object Cached = new();
    private readonly IDataProtector _protector = ring.CreateProtector("Guerdon.Web.FormToken.v1");

    /// <param name="Id">32 bytes, one for each page drawn and form in it.</param>
    /// <param name="EndsAt">From then on the token is refused, and nobody need know that it was spent.</param>
    public sealed record Turn(byte[] Id, Guid Account, DateTimeOffset EndsAt);

    /// <summary>The token of the page that is being drawn.</summary>
    /// <param name="http">The request for it.</param>
    /// <param name="account">Whose page it is.</param>
    /// <param name="byContent">Each different content is a turn of its own: for a text that is worked on, sent, and
    /// sent again from the same page.</param>
    public string Of(HttpContext http, Guid account, bool byContent)
    {
        var random = http.Items.TryGetValue(Cached, out var known)
            ? (byte[])known! : RandomNumberGenerator.GetBytes(RandomBytes);
        http.Items[Cached] = random;
        var bytes = new byte[Length];
        random.CopyTo(bytes, 0);
        account.TryWriteBytes(bytes.AsSpan(AccountAt));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(MadeAt), clock.GetUtcNow().UtcTicks);
        bytes[ContentAt] = byContent ? (byte)1 : (byte)0;
        return WebEncoders.Base64UrlEncode(_protector.Protect(bytes));
    }

    /// <summary>The turn that a form spends; null where its token is none, another account's or too old.</summary>
    public Turn? Read(IFormCollection form, Guid account)
    {
        if (Unprotect(form[Field].ToString()) is not { Length: Length } bytes) return null;
        if (new Guid(bytes.AsSpan(AccountAt, 16)) != account) return null;
        var endsAt = new DateTimeOffset(
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(MadeAt)), TimeSpan.Zero) + LastsFor;
        if (endsAt <= clock.GetUtcNow()) return null;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes, 0, RandomBytes);
        Append(hash, form[FormNameField].ToString());
        if (bytes[ContentAt] == 1)
            foreach (var (name, values) in form.OrderBy(f => f.Key, StringComparer.Ordinal))
                if (name != Field && !name.StartsWith("__", StringComparison.Ordinal)) Append(hash, $"{name}={values}");
        return new(hash.GetHashAndReset(), account, endsAt);
    }

    private byte[]? Unprotect(string text)
    {
        try
        {
            return text.Length is 0 or > 1_000 ? null : _protector.Unprotect(WebEncoders.Base64UrlDecode(text));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
