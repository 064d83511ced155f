using System.Globalization;
using Guerdon.Terminal.Writing;

namespace Guerdon.Host.Running;

/// <summary>A verb's log as a person reads it: one plain line each, never amid progress.</summary>
/// <param name="least">Less than this is not said.</param>
internal sealed class AsideLogs(LogLevel least) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Lines(least);

    public void Dispose()
    {
    }

    private sealed class Lines(LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var now = TimeProvider.System.GetUtcNow();
            Asides.Say(LineOf(now, logLevel, formatter(state, exception), exception));
        }
    }

    /// <summary>A line. Its time is UTC, as everywhere, and says so.</summary>
    internal static string LineOf(DateTimeOffset at, LogLevel level, string text, Exception? exception)
    {
        var weight = level switch
        {
            LogLevel.Critical or LogLevel.Error => "error: ",
            LogLevel.Warning => "warning: ",
            _ => "",
        };
        var time = at.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
        return $"{time} {weight}{text}{cause}";
    }
}
