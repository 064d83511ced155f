using System.Text.Encodings.Web;
using System.Text.Json;
using Guerdon.Sandbox.Wire;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.Replies;

/// <summary>A whole JSON body: written in one go, sent with its length.</summary>
internal static class JsonReply
{
    // The providers escape only what JSON makes them escape. Our own code writes the structure, so it isn't checked.
    public static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly TimeSpan BeforeReset = TimeSpan.FromMilliseconds(50);

    public static async Task Send<T>(
        HttpContext http, int status, Directives faults, T content, Action<Utf8JsonWriter, T> write)
    {
        using var body = new PooledBytes(4_096);
        Compose(body, content, write);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        if (faults.Cut is not null)
        {
            await response.BodyWriter.WriteAsync(body.Memory[..(body.Length / 2)], http.RequestAborted);
            await Abort(http);
            return;
        }
        await response.BodyWriter.WriteAsync(body.Memory, http.RequestAborted);
    }

    /// <summary>Drops the connection once the caller had time to read what was sent; a reset loses the rest.</summary>
    /// <remarks>In real time, whatever the clock says: the caller's socket doesn't know our clock.</remarks>
    public static async Task Abort(HttpContext http)
    {
        await Task.Delay(BeforeReset, http.RequestAborted);
        http.Abort();
    }

    /// <param name="http">Whom.</param>
    /// <param name="provider">In whose format.</param>
    /// <param name="fault">What.</param>
    /// <param name="retryAfterSeconds">Said in the header.</param>
    /// <param name="isHidden">With the status of an answer, as some providers send it.</param>
    public static Task SendFault(
        HttpContext http, Provider provider, Fault fault, int? retryAfterSeconds = null, bool isHidden = false)
    {
        if (retryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(Invariant);
        var requestId = http.TraceIdentifier;
        return Send(http, isHidden ? 200 : fault.Status, Directives.None, (fault, provider, requestId),
            static (json, content) => content.fault.Write(json, content.provider, content.requestId));
    }

    public static void WriteTextOrNull(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null) json.WriteNull(name);
        else json.WriteString(name, value);
    }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static void Compose<T>(PooledBytes body, T content, Action<Utf8JsonWriter, T> write)
    {
        using var json = new Utf8JsonWriter(body, WriterOptions);
        write(json, content);
    }
}
