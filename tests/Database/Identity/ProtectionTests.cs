using Dapper;
using Guerdon.Identity.Protection;
using Guerdon.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Identity;

/// <summary>The key ring in the database, and the file that it cannot be read without.</summary>
public sealed class ProtectionTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<WebApplication> StartAsync(string? keyFile)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration[KeyFile.Setting] = keyFile;
        builder.Services.AddSingleton(_database.Db);
        builder.AddProtection();
        var app = builder.Build();
        await app.PrepareProtectionAsync(Ct);
        return app;
    }

    private static string NewFile()
    {
        var path = Path.Combine(TestHome.New(), "data.key");
        KeyFile.Make(path);
        return path;
    }

    private static IDataProtector Cookies(WebApplication app) =>
        app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookies");

    private async Task<IReadOnlyList<string>> RingAsync()
    {
        await using var connection = await _database.Db.OpenConnectionAsync(Ct);
        return (await connection.QueryAsync<string>("select xml from host.data_key")).AsList();
    }

    [Fact]
    public async Task Ring_OfAnOlderVersion_IsEncryptedInPlaceAndStillReads()
    {
        string cookie;
        await using (var old = await StartAsync(null)) cookie = Cookies(old).Protect("ada");
        Assert.Contains("<masterKey", Assert.Single(await RingAsync()), StringComparison.Ordinal);
        var file = NewFile();
        for (var start = 0; start < 2; start++)
        {
            await using var app = await StartAsync(file);
            Assert.Equal("ada", Cookies(app).Unprotect(cookie));
            var xml = Assert.Single(await RingAsync());
            Assert.DoesNotContain("<masterKey", xml, StringComparison.Ordinal);
            Assert.Contains("encryptedSecret", xml, StringComparison.Ordinal);
        }
    }

    // The name of the type that decrypts lies beside each secret, and the type has moved since.
    [Fact]
    public async Task Ring_OfTheFirstProgram_StillReads()
    {
        var file = NewFile();
        string cookie;
        await using (var first = await StartAsync(file)) cookie = Cookies(first).Protect("ada");
        const string then = "Guerdon.Host.Protection.RingOpener, guerdon, Version=1.0.0.0, Culture=neutral, "
            + "PublicKeyToken=null";
        await using (var connection = await _database.Db.OpenConnectionAsync(Ct))
            await connection.ExecuteAsync("update host.data_key set xml = regexp_replace(xml, @was, @then)", new
            {
                was = "decryptorType=\"[^\"]*\"", then = $"decryptorType=\"{then}\"",
            });
        Assert.Contains($"\"{then}\"", Assert.Single(await RingAsync()), StringComparison.Ordinal);

        await using var app = await StartAsync(file);

        Assert.Equal("ada", Cookies(app).Unprotect(cookie));
        Assert.Single(await RingAsync()); // no new key was made in its place
    }

    [Fact]
    public async Task Start_WithoutTheRingsKeyFile_SaysWhichIsNeeded()
    {
        await using (await StartAsync(NewFile())) { }
        Assert.Contains("needs key file", (await Assert.ThrowsAsync<KeyFileException>(() => StartAsync(null)))
            .Message, StringComparison.Ordinal);
        Assert.Contains("restore it", (await Assert.ThrowsAsync<KeyFileException>(() => StartAsync(NewFile())))
            .Message, StringComparison.Ordinal);
        Assert.Single(await RingAsync());
    }

    [Fact]
    public async Task Start_NodesTogether_ShareOneKey()
    {
        var file = NewFile();
        var apps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => StartAsync(file))));
        Assert.Single(await RingAsync());
        var safes = apps.Select(app => app.Services.GetRequiredService<SecretSafe>()).ToList();
        var box = safes[0].Seal("key", "openai", "sk-1");
        Assert.All(safes, safe => Assert.Equal("sk-1", safe.Unseal("key", "openai", box)));
        Assert.Null(safes[1].Unseal("key", "anthropic", box)); // a row's key cannot be moved to another provider
        Assert.Null(safes[1].Unseal("another", "openai", box));
        foreach (var app in apps) await app.DisposeAsync();
    }

    [Fact]
    public void KeyFile_OfThePrivateCluster_IsMadeOnceForItsAccountAlone()
    {
        var cluster = TestHome.New();
        var made = KeyFile.Find(cluster)!;
        Assert.Equal(Path.Combine(cluster, "data.key"), made);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(made));
        var secret = KeyFile.Read(made);
        Assert.Equal(32, secret.Length);
        KeyFile.Make(made); // another process came first
        Assert.Equal(secret, KeyFile.Read(KeyFile.Find(cluster)!));
        Assert.Equal([made], Directory.GetFiles(cluster));
        Assert.Null(KeyFile.Find(null));
    }

    [Fact]
    public void KeyFile_OpenToOthersOrNoSecret_IsRefused()
    {
        var file = NewFile();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Contains("chmod 600", Assert.Throws<KeyFileException>(() => KeyFile.Read(file)).Message,
                StringComparison.Ordinal);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        foreach (var text in new[] { "", "c2hvcnQ=", "not base64", new string('A', 1_000) })
        {
            File.WriteAllText(file, text);
            Assert.Contains("must hold 32 bytes", Assert.Throws<KeyFileException>(() => KeyFile.Read(file))
                .Message, StringComparison.Ordinal);
        }

        Assert.Contains("There is no key file",
            Assert.Throws<KeyFileException>(() => KeyFile.Read(file + "x")).Message, StringComparison.Ordinal);
    }
}
