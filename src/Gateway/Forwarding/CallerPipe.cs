using System.IO.Pipelines;

namespace Guerdon.Gateway.Forwarding;

/// <summary>The way back to a caller, who may leave at any moment.</summary>
internal static class CallerPipe
{
    /// <summary>Sends on what was written for a caller.</summary>
    /// <param name="writer">What it was written to.</param>
    /// <param name="within">How long the caller may take nothing.</param>
    /// <param name="clock">Counts that.</param>
    /// <param name="gone">Ends when the caller has left.</param>
    /// <returns>False where the caller has left, or took nothing for too long.</returns>
    public static async ValueTask<bool> TryFlushAsync(
        PipeWriter writer, TimeSpan within, TimeProvider clock, CancellationToken gone)
    {
        try
        {
            var flushing = writer.FlushAsync(gone); // throws by itself, not in its task, where the caller left before
            if (flushing.IsCompletedSuccessfully) return true;
            await flushing.AsTask().WaitAsync(within, clock, CancellationToken.None); // ends by itself with the caller
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception e) when (AnswerRelay.IsCut(e) && gone.IsCancellationRequested)
        {
            return false;
        }
    }
}
