using System.Text;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Kernel;

/// <summary>A body that is a small file of text, such as a plan.</summary>
public static class SmallBody
{
    private const int MaxBytes = 65_536;

    /// <summary>Its text, read as UTF-8; null where it is larger than 64 KB.</summary>
    public static async Task<string?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return length > MaxBytes ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }
}
