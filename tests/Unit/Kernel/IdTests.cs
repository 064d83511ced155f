using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Unit.Kernel;

public class IdTests
{
    private const string Digits = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("wal_" + Digits, true)]
    [InlineData("wal_0123456789ABCDEF0123456789abcdef", true)]
    [InlineData("WAL_" + Digits, false)]
    [InlineData("wal" + Digits, false)]
    [InlineData("trf_" + Digits, false)]
    [InlineData(Digits, false)]
    [InlineData("wal_" + Digits + "0", false)]
    [InlineData("wal_", false)]
    [InlineData("wal_01234567-89ab-cdef-0123-456789abcdef", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TryParse_PrefixAnd32Digits_AndNothingElse(string? text, bool isId)
    {
        Assert.Equal(isId, Id.TryParse<WalletId>(text, out var id));
        if (isId) Assert.Equal(text, Id.Format(id), ignoreCase: true);
        else Assert.Equal(default, id);
    }

    [Fact]
    public void Json_AnId_IsReadAsItIsWritten()
    {
        var json = JsonSerializer.Serialize(WalletId.Treasury);
        Assert.Equal($"\"{Id.Format(WalletId.Treasury)}\"", json);
        Assert.Equal(WalletId.Treasury, JsonSerializer.Deserialize<WalletId>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<WalletId>("\"wal_1\""));
    }

    [Fact]
    public void New_IdsOfLaterTimes_SortLater()
    {
        var clock = new Steps();
        var ids = Enumerable.Range(0, 100).Select(_ => Id.New<WalletId>(clock).Value).ToArray();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(7, id.Version));
    }

    private sealed class Steps : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromMilliseconds(1);
    }
}
