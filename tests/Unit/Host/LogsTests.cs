using Guerdon.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guerdon.Unit.Host;

public sealed class LogsTests
{
    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics")] // "Request starting", with the query
    [InlineData("Microsoft.AspNetCore.Routing.EndpointMiddleware")]
    [InlineData("System.Net.Http.HttpClient.any.LogicalHandler")]
    public void Configure_LoggersThatWriteAddresses_AreSilent(string logger)
    {
        var builder = WebApplication.CreateSlimBuilder();
        Logs.Configure(builder);
        using var services = builder.Services.BuildServiceProvider();
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(logger);
        Assert.False(log.IsEnabled(LogLevel.Information));
        Assert.True(log.IsEnabled(LogLevel.Warning));
    }

    // Beside acts and JSON, which are UTC too; eng/BannedSymbols.txt keeps everything else from asking for local time.
    [Fact]
    public void Lines_OnATerminal_AreUtcAndSaySo()
    {
        var at = new DateTimeOffset(2026, 11, 30, 1, 30, 5, TimeSpan.FromHours(2));
        Assert.Equal(
            "23:30:05Z warning: it is late (TimeoutException: of a test)",
            AsideLogs.LineOf(at, LogLevel.Warning, "it is late", new TimeoutException("of a test")));
    }
}
