using Stipend.Host.Database;

namespace Stipend.Database.Host;

/// <summary>Whoever starts Stipend for the first time sees what is built, and how far it is.</summary>
public sealed class FirstBuildTests
{
    [Theory]
    [InlineData("echo '  Kernel -> /a/Kernel.dll'; echo '  Host -> /a/stipend.dll'", 0,
        "building Stipend: fetching packages…\nbuilding Stipend: Kernel (project 1 of 2)\n"
        + "building Stipend: Host (project 2 of 2)")]
    [InlineData("echo '  Kernel -> /a/Kernel.dll'; for i in 1 2; do echo 'A.cs(1,2): error CS1: no'; done; return 3", 1,
        "building Stipend: fetching packages…\nbuilding Stipend: Kernel (project 1 of 2)\nA.cs(1,2): error CS1: no")]
    public async Task Build_OfProjects_SaysWhichAndHowManyAndWhatIsWrongOnce(string dotnet, int code, string said)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The launcher is a script of bash.");
        var script = $"set -euo pipefail; source {RunningApp.Root}/eng/prepare.sh; dotnet() {{ {dotnet}; }}; build x 2";

        var done = await Tool.RunAsync(["bash", "-c", script], TestContext.Current.CancellationToken);

        Assert.Equal((code, said), (done.ExitCode, done.Output));
    }
}
