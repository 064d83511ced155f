using Stipend.Host.SignIn;

namespace Stipend.Host.Running;

/// <summary>Structured logs on standard error: JSON where a machine reads them, lines where a person does.</summary>
internal static class Logs
{
    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("Npgsql", LogLevel.Warning)
            .AddFilter(typeof(TokenHandler).FullName, LogLevel.Warning) // a flood of wrong tokens is no flood of lines
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        if (Console.IsErrorRedirected) builder.Logging.AddJsonConsole(json => json.UseUtcTimestamp = true);
        else builder.Logging.AddSimpleConsole(lines => lines.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
