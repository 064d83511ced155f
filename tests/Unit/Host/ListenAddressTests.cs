using Guerdon.Host.Running;

namespace Guerdon.Unit.Host;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("HTTP://127.0.0.1:8080/", "http://127.0.0.1:8080")]
    [InlineData("localhost:18104", "http://localhost:18104")]
    [InlineData("http://localhost:0", "http://127.0.0.1:0")]
    [InlineData("18104", "http://127.0.0.1:18104")]
    [InlineData("0", "http://127.0.0.1:0")]
    [InlineData(" 127.0.0.1:65535 ", "http://127.0.0.1:65535")]
    [InlineData("0.0.0.0:8080", "http://0.0.0.0:8080")]
    [InlineData("*:8080", "http://*:8080")]
    [InlineData("[::1]:8080", "http://[::1]:8080")]
    [InlineData("http://[::]:8080", "http://[::]:8080")]
    public void Read_Address_IsWhatKestrelTakes(string text, string url) =>
        Assert.Equal((url, null), ListenAddress.Read(text));

    [Theory]
    [InlineData("", "is not an address")]
    [InlineData("  ", "is not an address")]
    [InlineData("http://", "is not an address")]
    [InlineData("http://127.0.0.1:99999", "'99999' where a port")]
    [InlineData("127.0.0.1:-1", "'-1' where a port")]
    [InlineData("127.0.0.1:8o80", "'8o80' where a port")]
    [InlineData("127.0.0.1:١٢", "where a port")]
    [InlineData("99999", "'99999' where a port")]
    [InlineData("http://localhost:18104/path", "more in it")]
    [InlineData("http://localhost:18104?x=1", "more in it")]
    [InlineData("http://me:secret@localhost:18104", "more in it")]
    [InlineData("http://127.0.0.1:1;http://127.0.0.1:2", "more in it")]
    [InlineData("localhost", "names no port")]
    [InlineData("http://localhost", "names no port")]
    [InlineData("localhost:", "names no port")]
    [InlineData("[::1]", "names no port")]
    [InlineData(":8080", "names no interface")]
    [InlineData("::1:8080", "neither localhost nor an IP address")]
    [InlineData("[::1", "neither localhost nor an IP address")]
    [InlineData("[127.0.0.1]:8080", "neither localhost nor an IP address")]
    [InlineData("guerdon.example.com:8080", "neither localhost nor an IP address")]
    [InlineData("1:8080", "neither localhost nor an IP address")]
    [InlineData("256.1.1.1:8080", "neither localhost nor an IP address")]
    [InlineData("https://127.0.0.1:8443", "reverse proxy")]
    [InlineData("ftp://127.0.0.1:21", "more in it")]
    [InlineData("unix:/tmp/x.sock", "more in it")]
    public void Read_NoAddress_SaysInOneLineWhatOneIs(string text, string why)
    {
        var (url, problem) = ListenAddress.Read(text);

        Assert.Null(url);
        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.Contains("http://", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem!);
    }
}
