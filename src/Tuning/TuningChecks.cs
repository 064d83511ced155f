using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Microsoft.Extensions.Logging;

namespace Guerdon.Tuning;

/// <summary>
/// Follows jobs: (1) one whose creation was not answered is looked for in the provider's list, (2) one that runs is
/// asked for, (3) one that is over is settled. Each may be done again at any time, by any node.
/// </summary>
internal sealed partial class TuningChecks(
    TuningUpstream upstream, TuningStore store, TuningEscrow books, ILogger<TuningChecks> log)
{
    private const int MostPages = 50;
    private const int ChecksAPace = 8; // so many of them, then half as often

    // An hour to spare, since the provider's clock need not agree with ours.
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromHours(1);

    /// <summary>Looks at one job that is due.</summary>
    public async Task CheckAsync(TuningJob job, CancellationToken ct)
    {
        if (job.UpstreamId is not { } id) await FindAsync(job, ct); // 1.
        else
        {
            var answer = await upstream.AskAsync(job.Provider, HttpMethod.Get, TuningJob.PathOf(id), null, null, ct);
            await NoteAsync(job, answer, ct);
        }
    }

    /// <summary>Takes note of what the provider said of a job, and settles it where it is over.</summary>
    /// <returns>The job as it then is.</returns>
    public async Task<TuningJob> NoteAsync(TuningJob job, UpstreamAnswer answer, CancellationToken ct)
    {
        if (job.EndedAt is not null) return job;
        var said = answer.IsSuccess ? TuningJson.Read(answer.Json) : null;
        if (said is null) return await NoteSilenceAsync(job, answer, ct);

        // 2.
        var figures = TuningJson.SaidIn(said);
        job = job with
        {
            UpstreamId = job.UpstreamId ?? figures.Id,
            Seen = said.ToJsonString(),
            MissingSince = null,
            Warning = null,
            NextCheckAt = books.Now() + Pause(job),
        };
        if (!figures.IsOver)
        {
            await store.NoteAsync(job, ct);
            return job;
        }

        // 3.
        if (job.UpstreamId is not null) await store.NoteAsync(job, ct); // its id, where this is the first word of it
        return await EndAsync(job, EndOf(job, figures, answer.Status), ct);
    }

    /// <summary>Ends a job that costs nothing: it was never created, or is not known any more.</summary>
    public Task<TuningJob> ReleaseAsync(
        TuningJob job, Outcome outcome, int status, string warning, CancellationToken ct) =>
        EndAsync(job with { Warning = warning }, new(0, false, outcome, status), ct);

    // What is missing where it succeeded is never free; one that failed or was cancelled costs what is said of it.
    private static TuningEnd EndOf(TuningJob job, TuningJson.Said said, int status) => said.Status switch
    {
        "succeeded" => new(said.Trained ?? job.BoundTokens, said.Trained is null, Outcome.Answered, status),
        "failed" => new(said.Trained ?? 0, false, Outcome.ProviderError, status),
        _ => new(said.Trained ?? 0, false, Outcome.HungUp, status),
    };

    private async Task<TuningJob> EndAsync(TuningJob job, TuningEnd end, CancellationToken ct)
    {
        if (end.IsEstimate)
            job = job with { Warning = "The provider did not say how many tokens it trained on: charged at the hold." };
        if (await books.EndAsync(job, end, ct) is { } ended)
        {
            Log.Ended(log, job.Id, end.Outcome, end.Trained, ended.Charged!.Value.Milli);
            return ended;
        }

        var other = await store.AgainAsync(job, ct);
        if (other?.EndedAt is null) Log.NotSettled(log, job.Id);
        return other ?? job;
    }

    private async Task<TuningJob> NoteSilenceAsync(TuningJob job, UpstreamAnswer answer, CancellationToken ct)
    {
        var now = books.Now();
        var isMissing = answer.Status == 404;
        job = job with
        {
            MissingSince = isMissing ? job.MissingSince ?? now : job.MissingSince,
            NextCheckAt = now + Pause(job),
            Warning = isMissing
                ? $"{job.Provider} does not know this job. What is held for it is released "
                    + $"{upstream.Options.ForgottenAfter} after {Wording.Utc(job.MissingSince ?? now)}, unless "
                    + "it is found."
                : answer.Fault ?? $"{job.Provider} answers {answer.Status}.",
        };
        if (isMissing && now - job.MissingSince >= upstream.Options.ForgottenAfter)
        {
            Log.Forgotten(log, job.Id, job.Provider);
            return await ReleaseAsync(job, Outcome.Lost, answer.Status,
                $"{job.Provider} has not known this job since {Wording.Utc(job.MissingSince)}; nothing "
                    + "was charged.", ct);
        }

        await store.NoteAsync(job, ct);
        return job;
    }

    // The provider may have created it although nobody heard its answer, so its list is searched
    // for the mark, newest first.
    private async Task FindAsync(TuningJob job, CancellationToken ct)
    {
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            var path = $"{TuningJob.Root}?limit=100"
                + (after is null ? "" : "&after=" + Uri.EscapeDataString(after));
            var answer = await upstream.AskAsync(job.Provider, HttpMethod.Get, path, null, null, ct);
            if (!answer.IsSuccess || TuningJson.Read(answer.Json)?["data"] is not JsonArray jobs)
            {
                await NoteSilenceAsync(job, answer, ct);
                return;
            }

            var last = default(TuningJson.Said);
            foreach (var one in jobs.OfType<JsonObject>())
            {
                last = TuningJson.SaidIn(one);
                if (last.Mark != job.Id.ToString()) continue;
                Log.Found(log, job.Id);
                await NoteAsync(job, answer with { Json = Bytes(one) }, ct);
                return;
            }

            var isOlder = last.CreatedAt < new DateTimeOffset(job.CreatedAt - ClocksDiffer).ToUnixTimeSeconds();
            if (last.Id is null || last.Id == after || isOlder) break;
            after = last.Id;
        }

        await ReleaseAsync(job, Outcome.Withdrawn, 0, "The provider never created it; nothing was charged.", ct);
    }

    private static byte[] Bytes(JsonObject json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());

    private TimeSpan Pause(TuningJob job)
    {
        var pause = upstream.Options.PollEvery * Math.Pow(2, Math.Min(job.Checks / ChecksAPace, 20));
        return pause < upstream.Options.PollAtMost ? pause : upstream.Options.PollAtMost;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information,
            Message = "{Job} ended as {Outcome} after {Trained} trained tokens and was charged {ChargedMilli} "
                + "milli-tokens.")]
        public static partial void Ended(ILogger log, TuningId job, Outcome outcome, long trained, long chargedMilli);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} was created, although its answer was not heard.")]
        public static partial void Found(ILogger log, TuningId job);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider} has forgotten {Job}: its hold is released.")]
        public static partial void Forgotten(ILogger log, TuningId job, string provider);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Job} is over, but the ledger does not settle it.")]
        public static partial void NotSettled(ILogger log, TuningId job);
    }
}
