using Guerdon.Gateway;
using Guerdon.Kernel;
using Guerdon.Providers;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Guerdon.Tuning;

/// <summary>What a provider said, or that it said nothing.</summary>
/// <param name="Status">Zero where there is no answer.</param>
/// <param name="Json">Its body, whole.</param>
/// <param name="MayHaveActed">Without an answer: whether it may have got the request all the same.</param>
/// <param name="Fault">Without an answer: why, for administrators.</param>
internal sealed record UpstreamAnswer(int Status, byte[] Json, bool MayHaveActed = false, string? Fault = null)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>Asks providers about files and jobs, each the one in whose account they are.</summary>
internal sealed class TuningUpstream(
    ProviderSet providers, IOptions<TuningOptions> options, IOptions<GatewayOptions> gateway)
{
    private const int MostAnswerBytes = 8 << 20;

    public TuningOptions Options { get; } = options.Value;

    /// <summary>How long an upload may be without anything moving.</summary>
    public TimeSpan UploadSilence => gateway.Value.AnswerWithin;

    /// <summary>
    /// Where new files go: the healthy one of the greatest weight, always the same while it is well, since a job can
    /// use no file of another's.
    /// </summary>
    public Result<string> ForFiles()
    {
        if (providers.Find(Options.Service) is not { Dialect.HasTuning: true } group)
            return GatewayRefusals.ProviderUnconfigured.With($"'{Options.Service}' trains models.");
        var chosen = group.Members.Where(m => m.IsHealthy).OrderByDescending(m => m.Weight)
            .ThenBy(m => m.Name, StringComparer.Ordinal).FirstOrDefault();
        return chosen is null
            ? GatewayRefusals.ProviderDown.With($"'{Options.Service}' is down.") : chosen.Name;
    }

    /// <summary>Why a provider cannot be asked now, or null.</summary>
    public Refused? Refuses(string provider)
    {
        if (Find(provider).Member is not { } member)
            return GatewayRefusals.ProviderUnconfigured.With($"'{provider}' has the file.");
        return member.IsHealthy ? null : GatewayRefusals.ProviderDown.With($"'{provider}' is down.");
    }

    /// <summary>Asks, and reads the answer.</summary>
    /// <param name="provider">By name.</param>
    /// <param name="method">GET, POST or DELETE.</param>
    /// <param name="path">From <c>/v1</c> on.</param>
    /// <param name="body">JSON, if there is a body.</param>
    /// <param name="from">Whose headers go along; null where Guerdon asks by itself.</param>
    /// <param name="ct">Stops it; it is stopped by <see cref="TuningOptions.AnswerWithin"/> in any case.</param>
    public async Task<UpstreamAnswer> AskAsync(
        string provider, HttpMethod method, string path, byte[]? body, HttpRequest? from, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Options.AnswerWithin);
        using var content = body is null ? null : new ByteArrayContent(body);
        if (content is not null) content.Headers.ContentType = new("application/json");
        return await SendAsync(provider, method, path, content, from, patience.Token, ct);
    }

    /// <summary>Sends a file.</summary>
    public async Task<UpstreamAnswer> UploadAsync(
        string provider, UploadContent content, HttpRequest from, CancellationToken patience, CancellationToken ct) =>
        await SendAsync(provider, HttpMethod.Post, "/v1/files", content.Typed(), from, patience, ct);

    private async Task<UpstreamAnswer> SendAsync(
        string provider, HttpMethod method, string path, HttpContent? content, HttpRequest? from,
        CancellationToken patience, CancellationToken ct)
    {
        var (group, member) = Find(provider);
        if (group is null || member is null)
            return new(0, [], Fault: $"{provider} is not configured any more.");
        if (!member.IsHealthy) return new(0, [], Fault: $"{provider} is left alone for a while: it fails.");
        using var request = member.Request(method, path, content);
        if (from is not null) HeaderRules.CopyUp(from.Headers, request.Headers);

        // A key that is refused is refused before the file is sent, which cannot be sent twice.
        if (content is UploadContent) request.Headers.ExpectContinue = true;
        group.Enter();
        member.Enter();
        try
        {
            using var response = await member.SendAsync(request, null, patience);
            return new((int)response.StatusCode, await ReadAsync(response, patience), MayHaveActed: true);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // A connection that was not made in time is a cancellation too. The worse must be
            // assumed: that it was sent.
            var isUnsent = e is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError,
            };
            return new(0, [], !isUnsent, $"{provider} did not answer: {e.Message}");
        }
        finally
        {
            member.Leave(Guid.Empty);
            group.Leave();
        }
    }

    private (ProviderGroup? Group, Provider? Member) Find(string provider)
    {
        var group = providers.Find(Options.Service);
        return (group, group?.Members.FirstOrDefault(m => m.Name == provider && m.Dialect.HasTuning));
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var whole = new MemoryStream();
        var buffer = new byte[16_384];
        for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0;)
        {
            if (whole.Length + read > MostAnswerBytes) throw new IOException("The answer is too long.");
            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }
}
