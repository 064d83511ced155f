using Guerdon.Host.Database;
using Guerdon.Tests;

namespace Guerdon.Database.Host;

/// <summary>Whoever starts Guerdon for the first time sees what is built, and how far it is.</summary>
public sealed class FirstBuildTests
{
    [Theory]
    [InlineData("echo '  Kernel -> /a/Kernel.dll'; echo '  Host -> /a/guerdon.dll'", 0,
        "building Guerdon: fetching packages…\nbuilding Guerdon: Kernel (project 1 of 2)\n"
        + "building Guerdon: Host (project 2 of 2)")]
    [InlineData("echo '  Kernel -> /a/Kernel.dll'; for i in 1 2; do echo 'A.cs(1,2): error CS1: no'; done; return 3", 1,
        "building Guerdon: fetching packages…\nbuilding Guerdon: Kernel (project 1 of 2)\nA.cs(1,2): error CS1: no")]
    public async Task Build_OfProjects_SaysWhichAndHowManyAndWhatIsWrongOnce(string dotnet, int code, string said)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The launcher is a script of bash.");
        var script = $"set -euo pipefail; source {Checkout.Root}/eng/prepare.sh; dotnet() {{ {dotnet}; }}; build x 2";

        var done = await Tool.RunAsync(["bash", "-c", script], TestContext.Current.CancellationToken);

        Assert.Equal((code, said), (done.ExitCode, done.Output));
    }
}
