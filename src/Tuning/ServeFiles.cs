using Guerdon.Gateway;
using Guerdon.Kernel;
using Guerdon.Policies;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Tuning;

/// <summary>Training files: uploaded, listed, looked at and deleted by their owner alone.</summary>
internal sealed class ServeFiles(TuningUpstream upstream, TuningStore store, TuningEscrow books)
{
    private const int MostListed = 10_000;
    private const long FormBytes = 16_384; // what a form has around its file

    /// <summary><c>POST /v1/files</c>.</summary>
    public async Task<TuningReply> UploadAsync(HttpContext http, TuningCaller caller)
    {
        var ct = http.RequestAborted;
        if (!upstream.ForFiles().Is(out var provider, out var none)) return TuningReply.No(none);
        var mostBytes = Math.Min(caller.Policy?.MaxBodyBytes ?? long.MaxValue, upstream.Options.MaxFileBytes);
        if (http.Request.ContentLength > mostBytes + FormBytes)
            return No(caller, PolicyRefusals.BodyTooLarge.With($"The file is larger than {mostBytes} bytes."));
        if (!UploadForm.Open(http.Request, mostBytes + FormBytes).Is(out var form, out var wrong))
            return TuningReply.No(wrong);
        if (!(await form.ReadToFileAsync(ct)).Is(out var file, out var refused)) return TuningReply.No(refused);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(upstream.UploadSilence);
        using var content = new UploadContent(
            form, file, mostBytes, () => patience.CancelAfter(upstream.UploadSilence));
        UpstreamAnswer answer;
        try
        {
            answer = await upstream.UploadAsync(provider, content, http.Request, patience.Token, ct);
        }
        catch (UploadBrokenOffException) when (content.Refused is not null)
        {
            return No(caller, content.Refused);
        }

        if (!answer.IsSuccess)
            return answer.Status == 0
                ? TuningReply.No(GatewayRefusals.UpstreamUnreachable.With($"{provider} did not take the file."))
                : TuningReply.Of(answer, provider);
        if (TuningJson.Read(answer.Json) is not { } said || TuningJson.SaidIn(said).Id is not { } id)
            return TuningReply.No(GatewayRefusals.UpstreamUnreachable.With($"{provider} names no file."));

        // Saved whether or not the caller is still there, so that whoever leaves now finds it in the list.
        var saved = new TuningFile(id, provider, form.FileName, content.Bytes, books.Now());
        await store.AddFileAsync(caller.Key.Wallet, saved, CancellationToken.None);
        return TuningReply.Of(answer, provider);
    }

    /// <summary><c>GET /v1/files</c>: the owner's, the newest first.</summary>
    public async Task<TuningReply> ListAsync(HttpContext http, TuningCaller caller)
    {
        if (http.Request.Query.TryGetValue("purpose", out var purpose) && purpose != UploadForm.Purpose)
            return TuningReply.Of(TuningJson.List([], false));
        var files = await store.FilesAsync(caller.Key.Wallet, MostListed, http.RequestAborted);
        return TuningReply.Of(TuningJson.List(files.Select(TuningJson.FileOf), false));
    }

    /// <summary><c>GET /v1/files/{id}</c>.</summary>
    public Task<TuningReply> GetAsync(HttpContext http, TuningCaller caller) => AskAsync(http, caller, HttpMethod.Get);

    /// <summary><c>DELETE /v1/files/{id}</c>. Repeating it finds nothing.</summary>
    public async Task<TuningReply> DeleteAsync(HttpContext http, TuningCaller caller)
    {
        var reply = await AskAsync(http, caller, HttpMethod.Delete);
        if (reply is { Refused: null, Status: (>= 200 and < 300) or 404 })
            await store.DeleteFileAsync(caller.Key.Wallet, IdOf(http), books.Now(), CancellationToken.None);
        return reply;
    }

    private async Task<TuningReply> AskAsync(HttpContext http, TuningCaller caller, HttpMethod method)
    {
        var ct = http.RequestAborted;
        if (await store.FileAsync(caller.Key.Wallet, IdOf(http), ct) is not { } file)
            return TuningReply.No(Unknown(IdOf(http)));
        var answer = await upstream.AskAsync(
            file.Provider, method, "/v1/files/" + Uri.EscapeDataString(file.Id), null, http.Request, ct);
        return answer.Status == 0
            ? TuningReply.No(GatewayRefusals.UpstreamUnreachable.With($"{file.Provider} did not answer."))
            : TuningReply.Of(answer, file.Provider);
    }

    /// <summary>For files of others as for those that there are not.</summary>
    public static Refused Unknown(string id) => TuningRefusals.UnknownFile.With($"You have no file '{id}'.");

    private static string IdOf(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static TuningReply No(TuningCaller caller, Refused refused) =>
        TuningReply.No(caller.Policy?.Limits(refused) ?? refused);
}
