using System.Text.Json;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Guerdon.Sandbox.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Guerdon.Sandbox.Answers;

/// <summary>Fills in what a dialect's request says, or says what is wrong with it.</summary>
internal delegate Fault? RequestReader(Ask ask);

/// <summary>Answers a request that was read without fault.</summary>
internal delegate Task Responder(HttpContext http, SandboxState state, Ask ask);

/// <summary>What every POST has in common, in the order the providers do it.</summary>
/// <remarks>1. key  2. body  3. model and dialect  4. directives, latency, status  5. the dialect's answer.</remarks>
internal static class Exchange
{
    public static RequestDelegate Endpoint(
        SandboxState state, Provider provider, RequestReader read, Responder answer) => async http =>
    {
        Stamp(http, state, provider);
        try
        {
            if (await Serve(http, state, provider, read, answer) is { } fault)
                await JsonReply.SendFault(http, provider, fault);
        }
        catch (StreamEndedException)
        {
            // Nothing more to do, since the directive that asked for this has had its effect.
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up, which must not look like an error of ours.
        }
    };

    /// <summary>What files and jobs have in common: a key, and an answer or a fault.</summary>
    public static RequestDelegate Keyed(
        SandboxState state, Provider provider, Func<HttpContext, SandboxState, Task<Fault?>> serve) => async http =>
    {
        Stamp(http, state, provider);
        try
        {
            if ((CheckKey(http.Request, provider) ?? await serve(http, state)) is { } fault)
                await JsonReply.SendFault(http, provider, fault);
        }
        catch (JsonException)
        {
            await JsonReply.SendFault(http, provider, Fault.Invalid("The body is not valid JSON."));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            http.Abort(); // the caller hung up
        }
    };

    /// <summary>Gives the exchange its request id, in the header where this provider puts it.</summary>
    public static void Stamp(HttpContext http, SandboxState state, Provider provider)
    {
        http.TraceIdentifier = state.NextRequestId();
        http.Response.Headers[provider is Provider.Anthropic ? "request-id" : "x-request-id"] = http.TraceIdentifier;
    }

    /// <summary>Any key will do, but there has to be one.</summary>
    public static Fault? CheckKey(HttpRequest request, Provider provider)
    {
        const string bearer = "Bearer ";
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.Length > bearer.Length
            && authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase)) return null;
        var header = provider is Provider.Gemini ? "x-goog-api-key" : "x-api-key";
        if (request.Headers[header].ToString().Length > 0) return null;
        if (provider is Provider.Gemini)
            return new Fault(403, "Method doesn't allow unregistered callers. Please use API Key to call this API.");
        return new Fault(401, provider is Provider.Anthropic
            ? "x-api-key header is required"
            : "You didn't provide an API key. You need to provide your API key in an Authorization header using "
                + "Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
    }

    private static async Task<Fault?> Serve(
        HttpContext http, SandboxState state, Provider provider, RequestReader read, Responder answer)
    {
        // 1
        if (CheckKey(http.Request, provider) is { } noKey) return noKey;
        try
        {
            // 2
            using var body = await ReadBody(http, state.Options.MaxBodyBytes);
            // 3
            var model = http.Request.RouteValues["model"] as string ?? body.RootElement.Text("model");
            if (model is null) return Fault.Invalid("model: you must provide a model parameter.", "model");
            if (Models.ModelList.IsUnknown(model)) return Models.ModelList.NotFound(model, provider);
            using var ask = new Ask(body.RootElement, model);
            if (read(ask) is { } invalid) return invalid;
            // 4
            if (await Misbehave(http, state, provider, ask) is { } answered) return answered.Fault;
            // 5
            await answer(http, state, ask);
            return null;
        }
        catch (JsonException)
        {
            return Fault.Invalid("We could not parse the JSON body of your request: it is not valid JSON.");
        }
        catch (InvalidOperationException) when (!http.Response.HasStarted) // half of a surrogate pair
        {
            return Fault.Invalid("We could not parse the JSON body of your request: a text in it is not Unicode.");
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode is StatusCodes.Status413PayloadTooLarge)
        {
            return new Fault(413, $"The request passes {state.Options.MaxBodyBytes} bytes.", "request_too_large");
        }
    }

    private static async Task<JsonDocument> ReadBody(HttpContext http, long maxBytes)
    {
        if (http.Request.ContentLength > maxBytes)
            throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBytes;
        return await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
    }

    private sealed record Outcome(Fault? Fault);

    private static async Task<Outcome?> Misbehave(HttpContext http, SandboxState state, Provider provider, Ask ask)
    {
        var faults = Directives.FromText(ask.Prompt.LastUserText, Directives.None);
        var header = http.Request.Headers[Directives.Header].ToString();
        if (header.Length > 0 && !Directives.TryParse(header, faults, out faults, out var unknown))
            return new Outcome(Fault.Invalid($"{Directives.Header}: unknown directive or value '{unknown}'."));
        ask.Directives = faults;
        if (faults.LatencyMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(faults.LatencyMs), state.Clock, http.RequestAborted);
        if (faults.Error && !ask.Stream)
        {
            await JsonReply.SendFault(http, provider, Fault.ForStatus(500), isHidden: true);
            return new Outcome(null);
        }

        if (faults.Status is not { } status) return null;
        await JsonReply.SendFault(http, provider, Fault.ForStatus(status), faults.RetryAfterSeconds);
        return new Outcome(null);
    }
}
