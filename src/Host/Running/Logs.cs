namespace Guerdon.Host.Running;

/// <summary>Logs on standard error: JSON where a machine reads them, plain lines where a person does.</summary>
internal static class Logs
{
    /// <summary>A setting that a verb makes which does its work and ends: of its log only warnings are said.</summary>
    public const string OfVerb = "Host:LogsOfVerb";

    // The verb says in one line why a start failed, so this category only tells of services that failed later.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <returns>To be called once the application has started.</returns>
    public static Action Configure(WebApplicationBuilder builder)
    {
        var hasStarted = false;
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("Npgsql", LogLevel.Warning)
            .AddFilter(HostCategory, level => hasStarted && level >= LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        var isVerb = builder.Configuration.GetValue<bool>(OfVerb);
        if (isVerb) builder.Logging.AddProvider(new AsideLogs(LogLevel.Warning));
        else if (Console.IsErrorRedirected) builder.Logging.AddJsonConsole(json => json.UseUtcTimestamp = true);
        else builder.Logging.AddProvider(new AsideLogs(LogLevel.Information));
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace);
        return () => hasStarted = true;
    }

    /// <summary>The log of a verb that runs no server.</summary>
    public static ILoggerFactory ForVerb() => LoggerFactory.Create(logging =>
        logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new AsideLogs(LogLevel.Warning)));
}
