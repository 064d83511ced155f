using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Guerdon.Bench;

/// <summary>Load from <c>wrk</c>: so many connections, each with one request after the other.</summary>
internal static partial class Wrk
{
    /// <summary>Writes the script of a load whose requests go round the keys.</summary>
    public static string Script(string home, string name, IReadOnlyList<string> keys, string body, string headers = "")
    {
        var path = Path.Combine(home, name + ".lua");
        File.WriteAllText(path, $$"""
            local keys = { {{string.Join(", ", keys.Select(k => $"\"{k}\""))}} }
            local requests = {}
            local body = '{{body}}'
            function init(args)
              for i, key in ipairs(keys) do
                requests[i] = wrk.format("POST", nil,
                  { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. key{{headers}} }, body)
              end
            end
            local n = math.random(#keys)
            function request() n = n % #keys + 1; return requests[n] end
            """);
        return path;
    }

    /// <exception cref="InvalidOperationException">An answer was no success.</exception>
    public static async Task<(double PerSecond, double Requests)> RunAsync(
        string url, int connections, int seconds, string script)
    {
        var threads = Math.Min(2, connections);
        using var process = Process.Start(new ProcessStartInfo(
            "wrk", $"-t {threads} -c {connections} -d {seconds}s -s {script} {url}/v1/chat/completions")
        { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal)) throw new InvalidOperationException($"{url} refused:\n{output}");
        return (Number(PerSecond(), output), Number(Requests(), output));
    }

    private static double Number(Regex of, string output) =>
        double.Parse(of.Match(output).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();
}
