using System.Text;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Gateway;

/// <summary>Everything that is logged, at every level, with its exceptions.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_text) return _text.ToString();
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(_text);

    public void Dispose()
    {
    }

    private sealed class Logger(StringBuilder text) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var line = $"{formatter(state, exception)} {exception}";
            lock (text) text.AppendLine(line);
        }
    }
}
