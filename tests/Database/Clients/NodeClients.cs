using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Guerdon.Database.Clients;

/// <summary>
/// Programs of npm at pinned versions: each set of packages is installed once, below artifacts/clients, and run with an
/// environment and a home of its own. A test that needs one is skipped where there is no Node or no registry.
/// </summary>
internal static class NodeClients
{
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan RunWithin = TimeSpan.FromSeconds(90);
    private static readonly ConcurrentDictionary<string, Lazy<Task<Installed>>> Sets = [];

    private static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../clients"));

    /// <summary>The folder with node_modules of these packages (<c>name@version</c>).</summary>
    public static async Task<string> InstalledAsync(params string[] packages)
    {
        var set = string.Join(' ', packages);
        // Without the test's token: another test may wait for the same installation.
        var (folder, problem) = await Sets.GetOrAdd(set, _ => new(() => InstallAsync(set, packages))).Value;
        Assert.SkipWhen(problem is not null, $"{set}: {problem}");
        return folder;
    }

    /// <summary>Runs one case of a script beside this file; what it asserts itself ends it with an error.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> CaseAsync(string folder, string script, params string[] arguments)
    {
        using var home = new ClientHome(folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Clients"), "*.mjs"))
            File.Copy(file, Path.Combine(home.Folder, Path.GetFileName(file)));
        var ran = await RunAsync(home, [], "node", [script, .. arguments]);
        Assert.True(ran.Code == 0, ran.ToString());
        return ran.Output;
    }

    /// <summary>
    /// Runs a program in a home, with nothing in its environment but the path, the home and what is given.
    /// </summary>
    public static Task<Ran> RunAsync(
        ClientHome home, Dictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = home.Folder };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = home.Folder;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return RunAsync(start, RunWithin, TestContext.Current.CancellationToken);
    }

    /// <summary>Starts a program that goes on; whoever asked for it ends it.</summary>
    public static Process Start(string folder, string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardInput = true,
        })!;

    private static async Task<Installed> InstallAsync(string set, string[] packages)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(set)))[..12];
        var folder = Path.Combine(Root, hash);
        var done = Path.Combine(folder, "installed");
        Directory.CreateDirectory(folder);
        using var limit = new CancellationTokenSource(InstallWithin);
        try
        {
            await RunAsync(new("node", ["--version"]), InstallWithin, limit.Token);
            if (File.Exists(done)) return new(folder, null);
            // One process at a time; who waited finds it done.
            await using var turn = await LockAsync(folder + ".lock", limit.Token);
            if (File.Exists(done)) return new(folder, null);
            // Scripts of packages are not run: nothing that the clients need is made by one.
            var start = new ProcessStartInfo("npm", ["install", "--prefix", ".", "--ignore-scripts", "--no-audit",
                "--no-fund", "--no-save", "--fetch-retries=1", .. packages])
            { WorkingDirectory = folder };
            var ran = await RunAsync(start, InstallWithin, limit.Token);
            if (ran.Code != 0) return new(folder, $"npm cannot install it: {ran}");
            await File.WriteAllTextAsync(done, set, limit.Token);
            return new(folder, null);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new(folder, $"there is no Node or no npm: {e.Message}");
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            return new(folder, $"npm took longer than {InstallWithin}. {e.Message}");
        }
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, ct);
            }
        }
    }

    private static async Task<Ran> RunAsync(ProcessStartInfo start, TimeSpan within, CancellationToken ct)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(within);
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.Start();
        try
        {
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, output.ToString().Trim(), errors.ToString().Trim());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None); // its output is complete then
            throw new TimeoutException($"{start.FileName} ran for {within}:\n{output}\n{errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>How a program ended.</summary>
    internal sealed record Ran(int Code, string Output, string Errors)
    {
        public override string ToString() => $"exit code {Code}\n{Output}\n{Errors}";
    }

    private sealed record Installed(string Folder, string? Problem);
}
