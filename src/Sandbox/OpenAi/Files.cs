using System.Text.Json;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>/v1/files: counts what is uploaded and stores none of it.</summary>
internal static class Files
{
    private const int MaxField = 256;

    /// <summary>POST: a form with a file and a purpose, in any order.</summary>
    public static async Task<Fault?> Upload(HttpContext http, SandboxState state)
    {
        var request = http.Request;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = state.Options.MaxFileBytes;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
            return Fault.Invalid("Expected multipart/form-data.");

        var reader = new MultipartReader(boundary.ToString(), request.Body);
        var (name, bytes, purpose) = ("", -1L, "");
        while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var said)) continue;
            switch (HeaderUtilities.RemoveQuotes(said.Name).ToString())
            {
                case "file":
                    name = HeaderUtilities.RemoveQuotes(said.FileName).ToString();
                    bytes = await Count(section.Body, http.RequestAborted);
                    break;
                case "purpose":
                    purpose = await Text(section.Body, http.RequestAborted);
                    break;
            }
        }

        if (bytes < 0) return Fault.Invalid("'file' is a required property", "file");
        if (purpose.Length == 0) return Fault.Invalid("'purpose' is a required property", "purpose");
        await JsonReply.Send(http, 200, Directives.None, state.Tuning.Keep(name, bytes, purpose), Write);
        return null;
    }

    public static Task List(HttpContext http, SandboxState state) => JsonReply.Send(
        http, 200, Directives.None, state.Tuning.Files(), static (json, files) =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var file in files) Write(json, file);
            json.WriteEndArray();
            json.WriteBoolean("has_more"u8, false);
            json.WriteEndObject();
        });

    public static async Task<Fault?> Get(HttpContext http, SandboxState state)
    {
        if (state.Tuning.File(Id(http)) is not { } file) return NoSuch(http);
        await JsonReply.Send(http, 200, Directives.None, file, Write);
        return null;
    }

    public static async Task<Fault?> Delete(HttpContext http, SandboxState state)
    {
        if (!state.Tuning.Delete(Id(http))) return NoSuch(http);
        await JsonReply.Send(http, 200, Directives.None, Id(http), static (json, id) =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("object"u8, "file"u8);
            json.WriteBoolean("deleted"u8, true);
            json.WriteEndObject();
        });
        return null;
    }

    private static void Write(Utf8JsonWriter json, StoredFile file)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, file.Id);
        json.WriteString("object"u8, "file"u8);
        json.WriteNumber("bytes"u8, file.Bytes);
        json.WriteNumber("created_at"u8, file.CreatedAt);
        json.WriteString("filename"u8, file.Name);
        json.WriteString("purpose"u8, file.Purpose);
        json.WriteString("status"u8, "processed"u8);
        json.WriteEndObject();
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static Fault NoSuch(HttpContext http) => new(404, $"No such File object: {Id(http)}", Param: "id");

    private static async Task<long> Count(Stream body, CancellationToken ct)
    {
        var buffer = new byte[65_536];
        var bytes = 0L;
        for (int read; (read = await body.ReadAsync(buffer, ct)) > 0;) bytes += read;
        return bytes;
    }

    private static async Task<string> Text(Stream body, CancellationToken ct)
    {
        var buffer = new byte[MaxField];
        var length = await body.ReadAtLeastAsync(buffer, MaxField, throwOnEndOfStream: false, ct);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }
}
