using Guerdon.Gateway.Admission;
using Guerdon.Gateway.Forwarding;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Tuning;

/// <summary>
/// <c>POST /v1/fine_tuning/jobs</c>: (1) read, (2) price its bound, (3) hold it and write the job down, (4) have it
/// created, (5) note what became of that. What dies in between is found by <see cref="TuningChecks"/>.
/// </summary>
internal sealed class CreateJob(
    TuningUpstream upstream, TuningStore store, TuningEscrow books, TuningChecks checks, TuningPrices prices,
    KeyBudgets budgets)
{
    private const int MostBodyBytes = 256 << 10;

    public async Task<TuningReply> ServeAsync(HttpContext http, TuningCaller caller)
    {
        // 1.
        var mostBytes = Math.Min(caller.Policy?.MaxBodyBytes ?? MostBodyBytes, MostBodyBytes);
        var read = await CallerBody.ReadAsync(http.Request, mostBytes, null, http.RequestAborted);
        if (!read.Is(out var body, out var noBody)) return TuningReply.No(caller.Policy?.Limits(noBody) ?? noBody);
        using var taken = body;
        if (!TuningBody.Read(body.Bytes.Span, upstream.Options).Is(out var ask, out var wrong))
            return TuningReply.No(wrong);
        if (!(await FilesAsync(ask, caller, http.RequestAborted)).Is(out var file, out var noFile))
            return TuningReply.No(noFile);

        // 2.
        if (!prices.Of(ask, file, caller).Is(out var offer, out var unpriced)) return TuningReply.No(unpriced);
        if (prices.TakeRates(offer, caller, out var ticket) is { } over) return TuningReply.No(over);
        using (ticket)
        {
            // 3.
            if (await HoldAsync(caller, offer.Job, http.RequestAborted) is { } refused) return TuningReply.No(refused);
            ticket?.NoteSent();
            ticket?.NoteUsed(offer.Job.BoundTokens);
            return await SendAsync(http, ask, offer.Job);
        }
    }

    // In the key's budget first, since the job's own row holds it there from the moment that it is written.
    private async Task<Refused?> HoldAsync(TuningCaller caller, TuningJob job, CancellationToken ct)
    {
        if (caller.Key.Budget is null || job.Held.Milli == 0) return await books.HoldAsync(job, ct);
        if (!(await budgets.HoldAsync(caller.Key, job.Held, ct)).Is(out var held, out var over)) return over;
        var isHeld = false;
        try
        {
            var refused = await books.HoldAsync(job, ct);
            isHeld = refused is null;
            return refused;
        }
        finally
        {
            budgets.Release(held.Budget, job.Held, movedOut: isHeld);
        }
    }

    private async Task<Result<TuningFile>> FilesAsync(TuningBody ask, TuningCaller caller, CancellationToken ct)
    {
        if (await store.FileAsync(caller.Key.Wallet, ask.TrainingFile, ct) is not { } file)
            return ServeFiles.Unknown(ask.TrainingFile);
        if (ask.ValidationFile is { } name)
        {
            if (await store.FileAsync(caller.Key.Wallet, name, ct) is not { } validation)
                return ServeFiles.Unknown(name);
            if (validation.Provider != file.Provider)
                return TuningRefusals.UnknownFile.With($"'{name}' lies with {validation.Provider}, "
                    + $"'{file.Id}' with {file.Provider}: upload it again.");
        }

        return upstream.Refuses(file.Provider) is { } away ? away : file;
    }

    // Not under the caller's token, since a job must be created and noted even where the caller has left.
    private async Task<TuningReply> SendAsync(HttpContext http, TuningBody ask, TuningJob job)
    {
        // 4.
        var answer = await upstream.AskAsync(
            job.Provider, HttpMethod.Post, TuningJob.Root, ask.ToSend(job.Id), http.Request,
            CancellationToken.None);

        // 5.
        if (answer.IsSuccess && TuningJson.Read(answer.Json) is { } said && TuningJson.SaidIn(said).Id is not null)
            return TuningReply.Of(TuningJson.JobOf(await checks.NoteAsync(job, answer, CancellationToken.None)));
        var isUncertain = answer.IsSuccess || answer.Status >= 500 || (answer.Status == 0 && answer.MayHaveActed);
        if (isUncertain)
            return TuningReply.No(TuningRefusals.JobUncertain.With(
                answer.Fault ?? $"{job.Provider} answered {answer.Status}."));

        await checks.ReleaseAsync(
            job, answer.Status == 0 ? Outcome.Unreachable : Outcome.ProviderError, answer.Status,
            "The provider did not create it; nothing was charged.", CancellationToken.None);
        return TuningReply.Of(answer, job.Provider);
    }
}
