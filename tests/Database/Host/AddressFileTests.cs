using Guerdon.Database.Cli;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Tests;

namespace Guerdon.Database.Host;

/// <summary>The command line finds the server that its token belongs to, and no server that is gone.</summary>
public sealed class AddressFileTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_OnAnyPort_LeavesItsAddressBesideTheTokenWhileItRuns()
    {
        var home = TestHome.New();
        var file = Path.Combine(home, ".guerdon", "server");
        var settings = new Dictionary<string, string?> { ["SignIn:PasswordIterations"] = "1000" };
        var plan = new ServerPlan("http://0.0.0.0:0", WithSandbox: false, settings)
        {
            Database = new DatabaseOptions { Home = home, Server = database.ConnectionString },
        };
        await using (var server = await Server.StartAsync(plan, _ => { }, Ct))
        {
            var port = new Uri(server.Address).Port;
            Assert.Equal($"http://127.0.0.1:{port}", (await File.ReadAllTextAsync(file, Ct)).Trim());
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            var typed = await Typed.RunAsync("overview", [], home);
            Assert.True(typed.Exit == 0, typed.Messages);
        }

        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080", "http://localhost:8080")]
    [InlineData("http://0.0.0.0:81", "http://127.0.0.1:81")]
    [InlineData("http://[::]:81", "http://[::1]:81")]
    [InlineData("http://*:81", "http://127.0.0.1:81")]
    [InlineData("http://192.0.2.7:81", "http://192.0.2.7:81")]
    public void Reachable_AddressOfEveryInterface_IsThisMachines(string listening, string reached) =>
        Assert.Equal(reached, AddressFile.Reachable(listening));
}
