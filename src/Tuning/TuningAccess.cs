using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Dialects;
using Guerdon.Dialects.Known;
using Guerdon.Gateway;
using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Forwarding;
using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Tuning;

/// <summary>Who asks about files or jobs.</summary>
/// <param name="Key">Whose wallet's files and jobs are seen, and no others.</param>
/// <param name="Policy">What binds them; null: nothing.</param>
internal sealed record TuningCaller(ApiKey Key, Policy? Policy);

/// <summary>What a caller is told.</summary>
internal sealed record TuningReply(int Status, ReadOnlyMemory<byte> Json, Refused? Refused)
{
    public static TuningReply Of(JsonObject json) => new(200, JsonSerializer.SerializeToUtf8Bytes(json), null);

    public static TuningReply No(Refused refused) => new(0, default, refused);

    /// <summary>A provider's own words, but not those about the company's key, which they quote.</summary>
    public static TuningReply Of(UpstreamAnswer answer, string provider) => answer.Status switch
    {
        0 => No((answer.MayHaveActed ? TuningRefusals.JobUncertain : GatewayRefusals.UpstreamUnreachable)
            .With($"{provider} did not answer.")),
        401 => No(GatewayRefusals.ProviderKeyRefused.With($"{provider} refuses the company's key.")),
        _ => new(answer.Status, answer.Json, null),
    };
}

/// <summary>What lets callers at files and jobs: the key, the switch, the policy's services, and how
/// answers leave.</summary>
internal sealed partial class TuningAccess(
    CallIntake intake, CallsUnderWay calls, CurrentPolicy policies, CallShares shares, TuningUpstream upstream,
    ILogger<TuningAccess> log)
{
    /// <summary>A handler that lets in who may use the service that tunes.</summary>
    public RequestDelegate To(Func<HttpContext, TuningCaller, Task<TuningReply>> serve) => async http =>
    {
        try
        {
            var reply = await LetInAsync(http, serve);
            if (reply.Refused is { } refused)
                await CallerShape.RefuseAsync(http, KnownDialects.Of(http.Request), refused);
            else await SendAsync(http, reply);
        }
        catch (NpgsqlException e)
        {
            Log.DatabaseAway(log, e.Message);
            await CallerShape.RefuseAsync(
                http, KnownDialects.Usual, GatewayRefusals.Unavailable.With("The database is away."));
        }
        catch (Exception e) when (e is UploadBrokenOffException
            or ((IOException or OperationCanceledException) and not BadHttpRequestException))
        {
            http.Abort(); // the caller went away
        }
    };

    private async Task<TuningReply> LetInAsync(
        HttpContext http, Func<HttpContext, TuningCaller, Task<TuningReply>> serve)
    {
        var (dialect, known) = (KnownDialects.Of(http.Request), intake.KeysForgotten);
        if (!(await intake.KeyOfAsync(http)).Is(out var key, out var noKey)) return TuningReply.No(noKey);
        if (HeaderRules.Refuses(http.Request.Headers) is { } unsendable) return TuningReply.No(unsendable);
        if (!dialect.HasTuning)
            return TuningReply.No(DialectRefusals.PathNotServed.With(
                $"{http.Request.Method} {http.Request.Path} is served in OpenAI's dialect alone."));

        var policy = policies.InForce(key.Wallet);
        if (policy?.RefusesAll() is { } closed) return TuningReply.No(closed);
        var service = upstream.Options.Service;
        if (policy?.Services.Refuses(service, service) is { } why)
            return TuningReply.No(PolicyRefusals.ServiceNotApproved.With(
                $"'{service}', which trains models, is not approved: services.{why} in policy version "
                    + $"{policy.Version}."));
        if (!shares.Begin(key.Wallet).Is(out var share, out var full)) return TuningReply.No(full);
        using (share)
        using (calls.Begin(key.Wallet, http))
        {
            // Whoever lost access between the two was not seen under way.
            if (known != intake.KeysForgotten && (await intake.KeyOfAsync(http)).Refused is { } lost)
                return TuningReply.No(lost);
            return await serve(http, new(key, policy));
        }
    }

    private static async Task SendAsync(HttpContext http, TuningReply reply)
    {
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = reply.Json.Length;
        await http.Response.Body.WriteAsync(reply.Json, http.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A call was refused since the database is away: {Reason}")]
        public static partial void DatabaseAway(ILogger log, string reason);
    }
}
