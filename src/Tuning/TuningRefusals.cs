using Guerdon.Kernel;

namespace Guerdon.Tuning;

/// <summary>Every expected "no" of files and tuning jobs.</summary>
internal static class TuningRefusals
{
    public static readonly Refusal UnknownFile = new("gateway.unknown_file", 404, Retryable: false,
        "Use a file that GET /v1/files lists, or upload it with POST /v1/files through Guerdon.");

    public static readonly Refusal UnknownJob = new("gateway.unknown_job", 404, Retryable: false,
        "Use a job that GET /v1/fine_tuning/jobs lists: only those created through Guerdon are.");

    public static readonly Refusal TrainingUnpriced = new("gateway.training_unpriced", 400, Retryable: false,
        "Ask an administrator to bring its training rate into the price book (column 'training' of a CSV list).");

    public static readonly Refusal JobUncertain = new("gateway.job_uncertain", 502, Retryable: false,
        "List your jobs in a few minutes before you try again: it may have been created. What is held for it comes "
        + "back by itself where it was not.");
}
