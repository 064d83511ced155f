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
}
