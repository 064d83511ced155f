using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Stipend.Host.Database;
using Stipend.Host.Verbs;

namespace Stipend.Unit.Host;

public sealed class DatabaseFaultTests
{
    [Theory]
    [InlineData("58P01", "could not access file \"$libdir/plpgsql\"", "host.database_changed")]
    [InlineData("XX000", "incompatible library \"/x/plpgsql.so\": version mismatch", "host.database_changed")]
    [InlineData("XX000", "could not load library \"/x/plpgsql.so\": undefined symbol", "host.database_changed")]
    [InlineData("42501", "permission denied for schema ledger", "host.no_database")]
    [InlineData("57P01", "terminating connection due to administrator command", "host.database_away")]
    [InlineData("53300", "too many connections", "host.database_away")]
    [InlineData("42601", "syntax error", null)] // ours
    [InlineData("23505", "duplicate key", null)]
    public void In_ServersWord_IsCalledByItsCause(string state, string text, string? code) =>
        Assert.Equal(code, DatabaseFault.In(new PostgresException(text, "ERROR", "ERROR", state))?.Refusal.Code);

    [Fact]
    public void In_NoAnswer_IsAway() =>
        Assert.Equal(HostRefusals.DatabaseAway, DatabaseFault.In(new NpgsqlException("no route"))!.Refusal);

    [Fact]
    public async Task TryHandle_DatabaseChanged_AnswersWithTheCauseAndNotABare500()
    {
        var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Response.Body = new MemoryStream();
        var faults = new DatabaseFaults(services.GetRequiredService<IProblemDetailsService>());

        Assert.True(await faults.TryHandleAsync(http,
            new PostgresException("could not access file", "ERROR", "ERROR", "58P01"), CancellationToken.None));

        Assert.Equal(503, http.Response.StatusCode);
        http.Response.Body.Position = 0;
        var body = await new StreamReader(http.Response.Body).ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("host.database_changed", body, StringComparison.Ordinal);
        Assert.Contains("Restart PostgreSQL", body, StringComparison.Ordinal);
        Assert.False(await faults.TryHandleAsync(http, new InvalidOperationException(), CancellationToken.None));
    }
}
