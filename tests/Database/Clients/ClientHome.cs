namespace Guerdon.Database.Clients;

/// <summary>
/// A folder for one run of a client, below its packages so that Node finds them; deleted at the end.
/// </summary>
internal sealed class ClientHome : IDisposable
{
    public ClientHome(string packages) =>
        Folder = Directory.CreateDirectory(Path.Combine(packages, $"run-{Guid.NewGuid():n}")).FullName;

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
