using System.Globalization;

namespace Guerdon.Host.Database;

/// <summary>The unprivileged account that runs PostgreSQL when root starts Guerdon: the server refuses root.</summary>
internal sealed record ServerAccount(int Uid, int Gid)
{
    /// <summary><c>postgres</c> where it exists, else <c>nobody</c>.</summary>
    /// <exception cref="DatabaseSetupException">The machine has neither, or cannot switch accounts.</exception>
    public static ServerAccount Default()
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(f => f.Length > 3).ToList();
        var account = accounts.Find(fields => fields[0] == "postgres") ?? accounts.Find(fields => fields[0] == "nobody")
            ?? throw new DatabaseSetupException(
                "PostgreSQL refuses root, and there is no account postgres or nobody: start Guerdon as another user.");
        return new ServerAccount(Number(account[2]), Number(account[3]));
    }

    /// <summary>Who owns an existing cluster; null when that is root, which must be corrected.</summary>
    public static async Task<ServerAccount?> OwnerOfAsync(string folder, CancellationToken ct)
    {
        var owner = await Tool.RunAsync(["stat", "-c", "%u %g", folder], ct);
        var ids = owner.Output.Split(' ');
        return owner.Ok && ids.Length == 2 && ids[0] != "0" ? new ServerAccount(Number(ids[0]), Number(ids[1])) : null;
    }

    /// <summary>The command as this account would type it.</summary>
    public string[] Run(IEnumerable<string> command) =>
    [
        Tool.Find("setpriv") ?? throw new DatabaseSetupException(
            "PostgreSQL refuses root, and setpriv (package util-linux) is not here: start Guerdon as another user."),
        $"--reuid={Uid}", $"--regid={Gid}", "--clear-groups", "--", .. command,
    ];

    public async Task<bool> CanEnterAsync(string folder, CancellationToken ct) =>
        (await Tool.RunAsync(Run(["sh", "-c", "cd \"$1\"", "sh", folder]), ct)).Ok;

    public async Task OwnAsync(string folder, CancellationToken ct)
    {
        var changed = await Tool.RunAsync(["chown", "-R", "-h", $"{Uid}:{Gid}", folder], ct);
        if (!changed.Ok) throw new DatabaseSetupException($"Cannot give {folder} to account {Uid}: {changed.Output}");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
