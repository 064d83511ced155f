using Guerdon.Host.Database;
using Guerdon.Host.Simulated;
using Guerdon.Tests;

namespace Guerdon.Database.Host;

/// <summary>A run's folder goes with the run, or with the next one where it was killed; nobody else's ever does.
/// </summary>
public sealed class TemporaryHomeTests : IDisposable
{
    private const string Lock = "in-use";

    // Of this process alone: other tests and other people have folders there too.
    private readonly string _prefix = $"guerdon-homes-{Environment.ProcessId}-{Guid.NewGuid():N}-";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_NotKept_IsRemovedAtTheEnd()
    {
        string path;
        using (var home = await TemporaryHome.OpenAsync(_prefix, keep: null, Ct))
            await File.WriteAllTextAsync(Path.Combine(path = home.Path, "x"), "x", Ct);
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task Open_Kept_StaysAndHasNoLock()
    {
        var path = Path.Combine(TestHome.New(), "kept");
        using (await TemporaryHome.OpenAsync(_prefix, path, Ct)) Assert.Empty(Directory.GetFiles(path));
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public async Task Open_FolderOfARunThatWasKilled_IsRemoved()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no private database.");
        var left = Left();
        Directory.CreateDirectory(Path.Combine(left, ".guerdon", "data"));

        using var home = await TemporaryHome.OpenAsync(_prefix, keep: null, Ct);

        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(home.Path));
    }

    [Fact]
    public async Task Open_FolderOfARunThatLives_Stays()
    {
        using var first = await TemporaryHome.OpenAsync(_prefix, keep: null, Ct);
        using var second = await TemporaryHome.OpenAsync(_prefix, keep: null, Ct);

        Assert.NotEqual(first.Path, second.Path);
        Assert.True(File.Exists(Path.Combine(first.Path, Lock)));
    }

    [Fact]
    public async Task Open_FolderOfThatNameWithoutALock_Stays()
    {
        var somebodys = Directory.CreateTempSubdirectory(_prefix).FullName;
        await File.WriteAllTextAsync(Path.Combine(somebodys, "thesis.txt"), "x", Ct);

        using var home = await TemporaryHome.OpenAsync(_prefix, keep: null, Ct);

        Assert.True(File.Exists(Path.Combine(somebodys, "thesis.txt")));
    }

    [Fact]
    public async Task Open_LinkToAnotherFolder_IsNotFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no private database.");
        var somebodys = TestHome.New();
        foreach (var name in (string[])[Lock, "thesis.txt"])
            await File.WriteAllTextAsync(Path.Combine(somebodys, name), "x", Ct);
        var link = Path.Combine(Path.GetTempPath(), _prefix + "link");
        Directory.CreateSymbolicLink(link, somebodys);
        var left = Left();
        Directory.CreateSymbolicLink(Path.Combine(left, "below"), somebodys);

        using var home = await TemporaryHome.OpenAsync(_prefix, keep: null, Ct);

        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(link));
        Assert.True(File.Exists(Path.Combine(somebodys, "thesis.txt")));
        Directory.Delete(link);
    }

    [Fact]
    public async Task Open_FolderWhoseDatabaseHasNotEndedYet_StaysForTheNextRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no private database.");
        var cluster = await TestCluster.SharedAsync();
        var left = Left();
        var data = Directory.CreateDirectory(Path.Combine(left, ".guerdon", "data")).FullName;
        File.Copy(PostmasterFile.PathIn(cluster.Private.Place.Data), PostmasterFile.PathIn(data));

        using (await TemporaryHome.OpenAsync(_prefix, keep: null, Ct)) Assert.True(Directory.Exists(data));

        File.Delete(PostmasterFile.PathIn(data));
        using (await TemporaryHome.OpenAsync(_prefix, keep: null, Ct)) Assert.False(Directory.Exists(left));
    }

    private string Left()
    {
        var left = Directory.CreateTempSubdirectory(_prefix).FullName;
        File.WriteAllText(Path.Combine(left, Lock), "");
        return left;
    }

    public void Dispose()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), _prefix + "*"))
            Directory.Delete(folder, recursive: true);
    }
}
