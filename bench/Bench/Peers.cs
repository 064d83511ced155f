using System.Diagnostics;

namespace Guerdon.Bench;

/// <summary>The gateways of others, where this machine has them: nginx as it comes, Portkey's from npm.</summary>
internal static class Peers
{
    // As resolved by npm alone every stream of it fails; with these it works.
    private const string PortkeyPackage = """
        {"private":true,"dependencies":{"@portkey-ai/gateway":"1.15.2"},
         "overrides":{"hono":"4.9.7","@hono/node-server":"1.3.3","@hono/node-ws":"1.2.0"}}
        """;

    /// <summary>What its requests must carry beside a key, for <see cref="Wrk.Script"/>.</summary>
    public static string PortkeyHeaders(string upstream) =>
        $""", ["x-portkey-provider"] = "openai", ["x-portkey-custom-host"] = "{upstream}/v1" """;

    /// <returns>Null, and a line that says so, where it is not installed.</returns>
    public static async Task<Stage?> NginxAsync(string home, string url, string upstream)
    {
        if (!File.Exists("/usr/sbin/nginx")) { Console.WriteLine("nginx is not installed: left out."); return null; }
        var path = Path.Combine(home, "nginx.conf");
        await File.WriteAllTextAsync(path, $$"""
            daemon off; pid {{home}}/nginx.pid; error_log /dev/null; worker_processes 2;
            events { worker_connections 4096; }
            http { access_log off; client_body_temp_path {{home}}/body; proxy_temp_path {{home}}/proxy; fastcgi_temp_path {{home}}/f; uwsgi_temp_path {{home}}/u; scgi_temp_path {{home}}/s; keepalive_requests 1000000000;
              upstream mock { server {{new Uri(upstream).Authority}}; keepalive 256; keepalive_requests 1000000000; }
              server { listen {{new Uri(url).Authority}}; location / { proxy_pass http://mock; proxy_http_version 1.1; proxy_buffering off; proxy_set_header Connection ""; } } }
            """);
        return await Stage.StartAsync("/usr/sbin/nginx", $"-c {path} -p {home}", url);
    }

    /// <returns>Null, and a line that says why, where it cannot be had.</returns>
    public static async Task<Stage?> PortkeyAsync(string url)
    {
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../portkey"));
        var program = Path.Combine(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
        try
        {
            if (!File.Exists(program)) await InstallAsync(folder);
            return await Stage.StartAsync("node", $"{program} --headless --port={new Uri(url).Port}", url);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"Portkey's gateway is left out: {e.Message}");
            return null;
        }
    }

    private static async Task InstallAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), PortkeyPackage);
        using var npm = Process.Start(new ProcessStartInfo(
            "npm", "install --ignore-scripts --no-audit --no-fund")
        { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0) throw new InvalidOperationException("npm cannot install it.");
    }
}
