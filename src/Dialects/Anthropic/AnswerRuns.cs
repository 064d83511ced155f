using Guerdon.Dialects.Readings;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Anthropic;

/// <summary>
/// Splits an answer of Anthropic's into the runs that it was made of. Its iterations are what is billed, each at its
/// own model's price; the totals beside them are those of the answer alone: without compaction and advisers, and of a
/// fallback only the model that answered in the end.
/// </summary>
internal static class AnswerRuns
{
    public static List<Run> Of(in UsageReading reading)
    {
        var runs = new List<Run>();
        var main = default(Usage);
        var hasMain = false;
        foreach (var iteration in reading.NotesSoFar.Iterations)
        {
            var usage = AnthropicUsage.Whole(iteration.Said);
            if (iteration.Kind == IterationKind.Main) (main, hasMain) = (main.Plus(usage), true);
            var doubt = iteration.Kind == IterationKind.Unknown ? Doubts.UnknownIteration : Doubts.None;
            if (usage.Total > 0) runs.Add(new(iteration.Model ?? reading.Model, usage, doubt));
        }

        // Totals that pass the iterations are counted as one more, since an iteration that is not told is billed too.
        var rest = Beyond(AnthropicUsage.Whole(reading), main);
        if (rest.Total > 0) runs.Add(new(reading.Model, rest, hasMain ? Doubts.UnknownUsage : Doubts.None));
        return runs;
    }

    private static Usage Beyond(in Usage whole, in Usage told)
    {
        // Only one of the two may tell lifetimes apart, so writes are compared together.
        var written = Over(whole.CacheWrite5m + whole.CacheWrite1h, told.CacheWrite5m + told.CacheWrite1h);
        var hour = Math.Min(written, Over(whole.CacheWrite1h, told.CacheWrite1h));
        var output = Over(whole.Output, told.Output);
        return new Usage(
            Over(whole.Input, told.Input), Over(whole.CachedInput, told.CachedInput), written - hour, hour, output,
            Math.Min(Over(whole.Reasoning, told.Reasoning), output));
    }

    private static long Over(long whole, long told) => Math.Max(0, whole - told);
}
