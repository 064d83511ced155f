using Guerdon.Host;
using Guerdon.Host.Database;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Unit.Host;

public sealed class DatabaseFaultTests
{
    [Theory]
    [InlineData("58P01", "could not access file \"$libdir/plpgsql\"", "host.database_changed")]
    [InlineData("XX000", "incompatible library \"/x/plpgsql.so\": version mismatch", "host.database_changed")]
    [InlineData("XX000", "could not load library \"/x/plpgsql.so\": undefined symbol", "host.database_changed")]
    [InlineData("42501", "permission denied for schema ledger", "host.no_database")]
    [InlineData("57P01", "terminating connection due to administrator command", "host.database_away")]
    [InlineData("57014", "canceling statement due to statement timeout", "host.database_away")]
    [InlineData("53100", "could not extend file: No space left on device", "host.database_away")]
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
        var (status, body) = await AnswerAsync(
            new PostgresException("could not access file", "ERROR", "ERROR", "58P01"));
        Assert.Equal(503, status);
        Assert.Contains("host.database_changed", body, StringComparison.Ordinal);
        Assert.Contains("Restart PostgreSQL", body, StringComparison.Ordinal);
        Assert.Null((await AnswerAsync(new InvalidOperationException())).Body);
    }

    [Fact]
    public async Task TryHandle_Away_TellsNobodyWhereTheDatabaseIs()
    {
        Exception[] faults =
        [
            new NpgsqlException("Failed to connect to 10.1.2.3:5432"),
            new PostgresException("permission denied for table account at 10.1.2.3", "ERROR", "ERROR", "42501"),
        ];
        foreach (var fault in faults)
        {
            var (status, body) = await AnswerAsync(fault);
            Assert.Equal(503, status);
            Assert.DoesNotContain("10.1.2.3", body, StringComparison.Ordinal);
            Assert.Contains("The database does not answer.", body, StringComparison.Ordinal);
        }
    }

    // No body: it is not such a failure.
    private static async Task<(int Status, string? Body)> AnswerAsync(Exception fault)
    {
        await using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Response.Body = new MemoryStream();
        var faults = new DatabaseFaults(services.GetRequiredService<IProblemDetailsService>());
        if (!await faults.TryHandleAsync(http, fault, CancellationToken.None)) return (0, null);
        http.Response.Body.Position = 0;
        return (http.Response.StatusCode,
            await new StreamReader(http.Response.Body).ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
