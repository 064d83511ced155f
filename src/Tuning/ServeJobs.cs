using System.Globalization;
using Guerdon.Dialects;
using Guerdon.Gateway;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Tuning;

/// <summary>Tuning jobs: listed, looked at and cancelled by their owner alone.</summary>
internal sealed class ServeJobs(TuningUpstream upstream, TuningStore store, TuningChecks checks)
{
    private const int MostListed = 100;
    private const int UsuallyListed = 20;

    /// <summary><c>GET /v1/fine_tuning/jobs</c>: as they were last seen, the newest first.</summary>
    public async Task<TuningReply> ListAsync(HttpContext http, TuningCaller caller)
    {
        if (!PageOf(http.Request.Query).Is(out var page, out var wrong)) return TuningReply.No(wrong);
        var jobs = await store.JobsAsync(caller.Key.Wallet, page.After, page.Limit + 1, http.RequestAborted);
        return TuningReply.Of(TuningJson.List(jobs.Take(page.Limit).Select(TuningJson.JobOf), jobs.Count > page.Limit));
    }

    /// <summary><c>GET /v1/fine_tuning/jobs/{id}</c>. One that is over is settled before it is shown.</summary>
    public async Task<TuningReply> GetAsync(HttpContext http, TuningCaller caller)
    {
        if (await FindAsync(http, caller) is not { } job) return Unknown(http);
        return job.EndedAt is null ? await AskAsync(http, job, HttpMethod.Get, "") : Shown(job);
    }

    /// <summary><c>POST /v1/fine_tuning/jobs/{id}/cancel</c>.</summary>
    public async Task<TuningReply> CancelAsync(HttpContext http, TuningCaller caller) =>
        await FindAsync(http, caller) is { } job
            ? await AskAsync(http, job, HttpMethod.Post, "/cancel")
            : Unknown(http);

    /// <summary><c>GET /v1/fine_tuning/jobs/{id}/events</c>: the provider's.</summary>
    public async Task<TuningReply> EventsAsync(HttpContext http, TuningCaller caller)
    {
        if (!PageOf(http.Request.Query).Is(out var page, out var wrong)) return TuningReply.No(wrong);
        if (await FindAsync(http, caller) is not { } job) return Unknown(http);
        var path = $"{PathOf(job)}/events?limit={page.Limit.ToString(CultureInfo.InvariantCulture)}"
            + (page.After is null ? "" : "&after=" + Uri.EscapeDataString(page.After));
        var answer = await upstream.AskAsync(
            job.Provider, HttpMethod.Get, path, null, http.Request, http.RequestAborted);
        return answer.Status == 0 ? NoAnswer(job) : TuningReply.Of(answer, job.Provider);
    }

    private async Task<TuningReply> AskAsync(HttpContext http, TuningJob job, HttpMethod method, string verb)
    {
        var answer = await upstream.AskAsync(
            job.Provider, method, PathOf(job) + verb, null, http.Request, http.RequestAborted);
        // Not under the caller's token, so that what is known of it is written down even where the caller has left.
        if (answer.IsSuccess) return Shown(await checks.NoteAsync(job, answer, CancellationToken.None));
        return answer.Status == 0 ? NoAnswer(job) : TuningReply.Of(answer, job.Provider);
    }

    private static TuningReply Shown(TuningJob job) => TuningReply.Of(TuningJson.JobOf(job));

    private Task<TuningJob?> FindAsync(HttpContext http, TuningCaller caller) =>
        store.JobAsync(caller.Key.Wallet, IdOf(http), http.RequestAborted);

    private static string PathOf(TuningJob job) => TuningJob.PathOf(job.UpstreamId!);

    private static string IdOf(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    // The same for jobs of others as for those that there are not, so that nobody learns which there are.
    private static TuningReply Unknown(HttpContext http) =>
        TuningReply.No(TuningRefusals.UnknownJob.With($"You have no fine-tuning job '{IdOf(http)}'."));

    private static TuningReply NoAnswer(TuningJob job) =>
        TuningReply.No(GatewayRefusals.UpstreamUnreachable.With($"{job.Provider} did not answer."));

    // Which part of a list is asked for.
    private readonly record struct Page(int Limit, string? After);

    private static Result<Page> PageOf(IQueryCollection query)
    {
        foreach (var (name, _) in query)
            if (name is not ("limit" or "after"))
                return DialectRefusals.UnknownOption.With("Only 'limit' and 'after' are read.");
        if (!query.TryGetValue("limit", out var asked)) return new Page(UsuallyListed, After());
        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= MostListed
            ? new Page(limit, After())
            : DialectRefusals.UnknownOption.With($"'limit' must be a whole number from 1 to {MostListed}.");

        string? After() => query.TryGetValue("after", out var after) && after.Count == 1 && after[0] is { Length: > 0 }
            ? after[0] : null;
    }
}
