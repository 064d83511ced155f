using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Guerdon.Host.Inputs;

/// <summary>
/// How long a body may be, by kind: it is refused by the length that it states, before any of it is read. An endpoint
/// that takes more than fields says so itself.
/// </summary>
internal static class BodyLimits
{
    /// <summary>The longest body of any endpoint that says nothing else: a file of terms, or a page's form.</summary>
    public const int Any = 1 << 20;

    /// <summary>The longest JSON of an endpoint that says nothing else: its fields at their longest, escaped.</summary>
    public const int Fields = 256 << 10;

    /// <summary>
    /// What a connection reads ahead of its endpoint. What is refused by its length is dropped in pieces of this size,
    /// so many connections at a time do not hold a body each.
    /// </summary>
    public const int ReadAhead = 64 << 10;

    // Of a body that is refused so much is thrown away, for a moment, so that its sender hears the answer: a connection
    // that is cut while it sends reports only that.
    private const long MostDropped = 4 << 20;
    private static readonly TimeSpan DroppedWithin = TimeSpan.FromSeconds(5);

    /// <summary>Refuses a body that states to be longer than its endpoint takes; nothing of it is stored.</summary>
    public static async Task Refuse(HttpContext http, RequestDelegate next)
    {
        var own = http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>();
        var most = own is null ? Any : own.MaxRequestBodySize;
        if (http.Request.ContentLength is not { } length || length <= (most ?? long.MaxValue))
        {
            await next(http);
            return;
        }

        if (length <= MostDropped) await DropAsync(http);
        await InputGuard.SayAsync(http, InputRefusals.TooLarge.With(
            $"The body has {length:#,0} bytes; {most:#,0} are the most that are taken here."));
    }

    /// <summary>Gives an endpoint the limit of its kind.</summary>
    public static void Add(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.Any(m => m is IRequestSizeLimitMetadata)) return;
        var takesFields = endpoint.Metadata.OfType<IAcceptsMetadata>().LastOrDefault()?.ContentTypes
            .All(type => type.EndsWith("json", StringComparison.OrdinalIgnoreCase));
        if (takesFields == true) endpoint.Metadata.Add(new RequestSizeLimitAttribute(Fields));
    }

    private static async Task DropAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        using var within = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        within.CancelAfter(DroppedWithin);
        try
        {
            bool isOver;
            do
            {
                var part = await http.Request.BodyReader.ReadAsync(within.Token);
                isOver = part.IsCompleted;
                http.Request.BodyReader.AdvanceTo(part.Buffer.End);
            }
            while (!isOver);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Whoever sends too slowly to be drained is cut off, since the refusal cannot wait for them.
        }
    }
}
