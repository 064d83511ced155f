namespace Guerdon.Identity.SignIn;

/// <summary>
/// Checking a password takes a core a tenth of a second. So strangers are checked on half of the cores at most, and a
/// few of them wait; owners in browsers they have used before have a turn of their own.
/// </summary>
internal sealed class HashTurns
{
    /// <summary>Who waits, of strangers and of owners each; further ones are told to come again.</summary>
    public const int MostWaiting = 32;

    private readonly Queue _strangers = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Queue _owners = new(1);

    /// <summary>Does the work when it is its turn.</summary>
    /// <param name="isKnown">Whether it is an owner's known browser.</param>
    /// <param name="from">Who asks: an address, or a known browser's account. Nobody's many tries keep another out:
    /// where too many wait, the last of whoever waits most often gives way.</param>
    /// <param name="work">Checks a password.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>What it made, or null where too many wait.</returns>
    public async Task<(bool Done, T? Made)> RunAsync<T>(
        bool isKnown, string from, Func<Task<T>> work, CancellationToken ct)
    {
        var queue = isKnown ? _owners : _strangers;
        if (!await queue.EnterAsync(from, ct)) return (false, default);
        try
        {
            return (true, await work());
        }
        finally
        {
            queue.Leave();
        }
    }

    private sealed class Waiter(string from) : TaskCompletionSource<bool>(
        TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string From => from;
    }

    private sealed class Queue(int atOnce)
    {
        private readonly Lock _gate = new();
        private readonly List<Waiter> _waiting = [];
        private int _running;

        /// <returns>False where it may not be done.</returns>
        public async Task<bool> EnterAsync(string from, CancellationToken ct)
        {
            var waiter = new Waiter(from);
            lock (_gate)
            {
                if (_running < atOnce)
                {
                    _running++;
                    return true;
                }

                if (_waiting.Count >= MostWaiting && !MakeRoom(from)) return false;
                _waiting.Add(waiter);
            }

            await using var leaves = ct.UnsafeRegister(_ => GiveUp(waiter, ct), null);
            return await waiter.Task;
        }

        public void Leave()
        {
            lock (_gate)
            {
                if (_waiting is [var next, ..])
                {
                    _waiting.RemoveAt(0);
                    next.SetResult(true); // the turn passes on
                }
                else
                {
                    _running--;
                }
            }
        }

        // So that nobody with many tries keeps others waiting: the last of those who wait most often gives way, but
        // only to somebody who waits less often by two or more.
        private bool MakeRoom(string from)
        {
            var most = _waiting.CountBy(one => one.From).MaxBy(one => one.Value);
            if (most.Value < _waiting.Count(one => one.From == from) + 2) return false;
            var last = _waiting.FindLastIndex(one => one.From == most.Key);
            _waiting[last].SetResult(false);
            _waiting.RemoveAt(last);
            return true;
        }

        private void GiveUp(Waiter waiter, CancellationToken ct)
        {
            lock (_gate)
            {
                if (_waiting.Remove(waiter)) waiter.SetCanceled(ct);
            }
        }
    }
}
