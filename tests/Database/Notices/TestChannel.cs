using System.Collections.Concurrent;
using Guerdon.Notices;
using Guerdon.Notices.Deliveries;

namespace Guerdon.Database.Notices;

/// <summary>A channel whose other side does what a test tells it to.</summary>
internal sealed class TestChannel(string name) : INoticeChannel
{
    public string Name => name;
    public int AtOnce => 1;

    /// <summary>What was begun to be sent, oldest first.</summary>
    public ConcurrentQueue<NoticeId> Begun { get; } = [];

    public Func<DueNotice, CancellationToken, Task<Outcome>> Send { get; set; } =
        static (_, _) => Task.FromResult(Outcome.Sent);

    public Outcome? WithoutSending(DueNotice notice, DateOnly today) => null;

    public INoticeSession Open() => new Session(this);

    /// <summary>Waits until so many were begun.</summary>
    public async Task WaitAsync(int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(NoticeScene.Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        while (Begun.Count < count) await Task.Delay(10, limit.Token);
    }

    private sealed class Session(TestChannel channel) : INoticeSession
    {
        public Task<Outcome> SendAsync(DueNotice notice, CancellationToken ct)
        {
            channel.Begun.Enqueue(notice.Notice);
            return channel.Send(notice, ct);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
