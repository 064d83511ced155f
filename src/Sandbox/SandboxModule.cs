using Guerdon.Sandbox.Answers;
using Guerdon.Sandbox.Anthropic;
using Guerdon.Sandbox.Gemini;
using Guerdon.Sandbox.Models;
using Guerdon.Sandbox.OpenAi;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Guerdon.Sandbox;

/// <summary>Maps the offline provider, inside another program or as a server of its own.</summary>
public static class SandboxModule
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Serves the dialects of OpenAI, Anthropic and Gemini below a route group. Each call maps a sandbox with
    /// caches of its own. It takes any key, so the caller decides who may reach the group.</summary>
    public static void MapSandbox(this IEndpointRouteBuilder routes, SandboxOptions options)
    {
        var state = new SandboxState(options);

        RequestDelegate OpenAi(RequestReader read, Responder answer) =>
            Exchange.Endpoint(state, Provider.OpenAi, read, answer);

        RequestDelegate Anthropic(RequestReader read, Responder answer) =>
            Exchange.Endpoint(state, Provider.Anthropic, read, answer);

        RequestDelegate Gemini(RequestReader read, Responder answer) =>
            Exchange.Endpoint(state, Provider.Gemini, read, answer);

        routes.MapPost("/v1/chat/completions", OpenAi(ChatRequest.Read, ChatCompletions.Answer));
        routes.MapPost("/v1/responses", OpenAi(ResponsesRequest.Read, ResponsesReply.Answer));
        routes.MapPost("/v1/responses/compact", OpenAi(ResponsesRequest.Read, Compaction.Answer));
        routes.MapPost("/v1/embeddings", OpenAi(Embeddings.Read, Embeddings.Answer));
        routes.MapPost("/v1/images/generations", OpenAi(Images.Read, Images.Answer));
        routes.MapPost("/v1/messages", Anthropic(MessagesRequest.Read, Messages.Answer));
        routes.MapPost("/v1/messages/count_tokens", Anthropic(MessagesRequest.ReadPrompt, Messages.Count));
        foreach (var root in (string[])["/v1beta/models/{model}:", "/v1/models/{model}:"])
        {
            routes.MapPost(root + "generateContent", Gemini(GenerateRequest.Read, GenerateContent.Answer));
            routes.MapPost(root + "streamGenerateContent", Gemini(GenerateRequest.Read, GenerateStream.Answer));
            routes.MapPost(root + "countTokens", Gemini(GenerateRequest.ReadCount, GenerateContent.Count));
        }

        MapTuning(routes, state);
        routes.MapPost("/v1beta/{**path}", NotFound); // a method that it has not
        routes.MapMethods("/v1beta/models", GetOrHead, ModelList.List(state));
        routes.MapMethods("/v1beta/models/{id}", GetOrHead, ModelList.Single(state));
        routes.MapMethods("/v1/models", GetOrHead, ModelList.List(state));
        routes.MapMethods("/v1/models/{id}", GetOrHead, ModelList.Single(state));
        routes.MapMethods("/", GetOrHead, Root); // Claude Code sends HEAD / before its first message
    }

    private static void MapTuning(IEndpointRouteBuilder routes, SandboxState state)
    {
        RequestDelegate Keyed(Func<HttpContext, SandboxState, Task<Fault?>> serve) =>
            Exchange.Keyed(state, Provider.OpenAi, serve);

        RequestDelegate Sure(Func<HttpContext, SandboxState, Task> serve) => Keyed(async (http, state) =>
        {
            await serve(http, state);
            return null;
        });

        routes.MapPost("/v1/files", Keyed(Files.Upload));
        routes.MapGet("/v1/files", Sure(Files.List));
        routes.MapGet("/v1/files/{id}", Keyed(Files.Get));
        routes.MapDelete("/v1/files/{id}", Keyed(Files.Delete));
        routes.MapPost("/v1/fine_tuning/jobs", Keyed(TuningJobs.Create));
        routes.MapGet("/v1/fine_tuning/jobs", Sure(TuningJobs.List));
        routes.MapGet("/v1/fine_tuning/jobs/{id}", Keyed(TuningJobs.Get));
        routes.MapDelete("/v1/fine_tuning/jobs/{id}", Keyed(TuningJobs.Forget));
        routes.MapPost("/v1/fine_tuning/jobs/{id}/cancel", Keyed(TuningJobs.Cancel));
        routes.MapGet("/v1/fine_tuning/jobs/{id}/events", Keyed(TuningJobs.Events));
    }

    /// <summary>A server that is nothing but a sandbox; start it with <c>RunAsync</c> or <c>StartAsync</c>. A url with
    /// port 0 takes a free port, which <c>app.Urls</c> names once it is started.</summary>
    public static WebApplication Create(SandboxOptions options, params ReadOnlySpan<string> urls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Without settings of the program around it (its own urls, its Kestrel section), since those
        // are not for the sandbox.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        });
        var app = builder.Build();
        foreach (var url in urls) app.Urls.Add(url);
        app.MapSandbox(options);
        app.MapFallback(NotFound);
        return app;
    }

    private static Task Root(HttpContext http)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync("Guerdon sandbox: an offline provider. Nothing here costs money.\n");
    }

    private static Task NotFound(HttpContext http)
    {
        var request = http.Request;
        var provider = ModelList.Speaks(request);
        var fault = new Fault(404, $"Invalid URL ({request.Method} {request.Path})");
        return JsonReply.SendFault(http, provider, fault);
    }
}
