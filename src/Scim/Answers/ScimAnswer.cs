using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Scim.Answers;

/// <summary>An answer as directories expect it, always with the media type of SCIM.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Body">Null: none.</param>
internal sealed record ScimAnswer(int Status, JsonNode? Body) : IResult
{
    public const string MediaType = "application/scim+json";

    /// <summary>Where the resource is.</summary>
    public string? Location { get; init; }

    /// <summary>Its version, as <c>W/"3"</c>.</summary>
    public string? ETag { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Location is not null) response.Headers.Location = Location;
        if (ETag is not null) response.Headers.ETag = ETag;
        if (Status == StatusCodes.Status401Unauthorized) response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        if (Body is null) return;

        response.ContentType = MediaType;
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        Body.WriteTo(writer);
        await writer.FlushAsync(httpContext.RequestAborted);
    }
}
