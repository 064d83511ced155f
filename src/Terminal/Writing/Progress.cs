using Spectre.Console;

namespace Guerdon.Terminal.Writing;

/// <summary>Says that something is under way, once it takes longer than a second.</summary>
public static class Progress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(10);

    /// <summary>Awaits work; on a terminal under a spinner, else with a line now and then on standard error.</summary>
    /// <param name="output">The verb's.</param>
    /// <param name="doing">What is under way, as <c>importing people.csv</c>.</param>
    /// <param name="work">The work; it may call what it is given, from any thread, with how far it is.</param>
    /// <returns>What the work returns.</returns>
    public static async Task<T> WhileAsync<T>(Output output, string doing, Func<Action<string>, Task<T>> work)
    {
        var news = new News();
        var task = work(news.Say);
        if (await EndsWithinAsync(task, Patience, output)) return await task;

        Asides.Hold();
        try
        {
            if (output.MessageTerminal() is { } terminal)
                await terminal.Status().StartAsync(Markup.Escape(doing), c => SpinAsync(c, task, doing, news, output));
            else
                await PrintAsync(task, doing, news, output);
        }
        finally
        {
            Asides.Release();
        }

        return await task;
    }

    private static async Task SpinAsync(StatusContext context, Task task, string doing, News news, Output output)
    {
        while (!await EndsWithinAsync(task, Glance, output)) context.Status(Markup.Escape(news.Of(doing)));
    }

    private static async Task PrintAsync(Task task, string doing, News news, Output output)
    {
        do output.Note(news.Of(doing) + "…");
        while (!await EndsWithinAsync(task, Reminder, output));
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan limit, Output output)
    {
        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(task, Task.Delay(limit, output.Surroundings.Clock, over.Token));
        await over.CancelAsync();
        return first == task;
    }

    private sealed class News
    {
        private volatile string _latest = "";

        public void Say(string text) => _latest = text;

        public string Of(string doing) => Clean.Line(_latest.Length == 0 ? doing : $"{doing}: {_latest}");
    }
}
