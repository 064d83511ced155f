using System.Text;
using Guerdon.Metering.Reconciliation;

namespace Guerdon.Unit.Metering;

/// <summary>Members of a provider's report at the bounds of what is taken; what is wrong reads as nothing, and is said.
/// </summary>
public class ReportFieldsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private readonly List<string> _wrong = [];

    private ReportFields Of(string json) => new(
        ReportJson.Read(Encoding.UTF8.GetBytes(json))[0], Now, (at, reason) => _wrong.Add($"{at.Path} {reason}"));

    private void Says(string? reason)
    {
        if (reason is null) Assert.Empty(_wrong);
        else Assert.Contains(reason, Assert.Single(_wrong), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1000000000000000", 1_000_000_000_000_000L, null)]
    [InlineData("1000000000000001", 0, "must be a whole number from 0 to 1,000,000,000,000,000.")]
    [InlineData("0", 0, null)]
    [InlineData("-1", 0, "must be a whole number")]
    [InlineData("1.0", 0, "must be a whole number")]
    [InlineData("\"5\"", 0, "must be a whole number")]
    [InlineData("null", 0, "has no n.")]
    public void Count_AMember_IsAWholeNumber(string value, long count, string? reason)
    {
        Assert.Equal(count, Of($"{{\"n\":{value}}}").Count("n"));
        Says(reason);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"n":null}""", null)]
    [InlineData("""{"n":7}""", 7L)]
    public void CountOrNull_AMember_MayBeAbsent(string json, long? count)
    {
        Assert.Equal(count, Of(json).CountOrNull("n"));
        Says(null);
    }

    [Theory]
    [InlineData("0.06", 60_000_000, null)]
    [InlineData("\"123.78912\"", 123_789_120_000, null)]
    [InlineData("-5", -5_000_000_000, null)]
    [InlineData("1e-9", 1, null)]
    [InlineData("5e-10", 1, null)] // half away from zero
    [InlineData("-5e-10", -1, null)]
    [InlineData("4.9e-10", 0, null)]
    [InlineData("9000000000", 9_000_000_000_000_000_000, null)]
    [InlineData("9000000000.1", 0, "is not an amount of money")]
    [InlineData("-9000000000", -9_000_000_000_000_000_000, null)]
    [InlineData("true", 0, "is not an amount of money")]
    [InlineData("\" 1\"", 0, "is not an amount of money")]
    [InlineData("\"1,000\"", 0, "is not an amount of money")]
    [InlineData("null", 0, "has no n.")]
    public void Money_AMember_CountsInTens(string value, long nanos, string? reason)
    {
        var money = Of($"{{\"n\":{value}}}").Money("n", 1_000_000_000);
        Assert.Equal((nanos, reason is null ? value.Trim('"') : ""), money);
        Says(reason);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void Money_ALongText_IsNotRead(int length, bool isRead)
    {
        Of($"{{\"n\":\"1.{new string('0', length - 2)}\"}}").Money("n", 1);
        Says(isRead ? null : "is not an amount of money");
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void Text_AMember_HasAtMostThreeHundredCharacters(int length, bool isRead)
    {
        var text = new string('x', length);
        Assert.Equal(isRead ? text : null, Of($"{{\"n\":\"{text}\"}}").Text("n"));
        Says(isRead ? null : "must be a text of at most 300 characters, or null.");
    }

    [Theory]
    [InlineData("7", "must be a text")]
    [InlineData("null", null)]
    [InlineData("\"\\u0000\"", "must be a text")]
    public void Text_AnythingElse_IsNothing(string value, string? reason)
    {
        Assert.Null(Of($"{{\"n\":{value}}}").Text("n"));
        Says(reason);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("1", false)]
    [InlineData("null", false)]
    public void IsTrue_AMember_OnlyWhereItSaysSo(string value, bool isTrue) =>
        Assert.Equal(isTrue, Of($"{{\"n\":{value}}}").IsTrue("n"));

    [Theory]
    [InlineData("1795255200", "2026-11-21T10:00:00", null)]
    [InlineData("946684800", "2000-01-01T00:00:00", null)]
    [InlineData("946684799", "1970-01-01T00:00:00", "has 946684799 as n")]
    [InlineData("1795255200000", "1970-01-01T00:00:00", "seconds since 1970 are meant.")] // milliseconds
    [InlineData("7258118400", "1970-01-01T00:00:00", "seconds since 1970 are meant.")]
    public void Unix_AMember_IsSeconds(string value, string time, string? reason)
    {
        Assert.Equal(time, $"{Of($"{{\"n\":{value}}}").Unix("n"):yyyy-MM-ddTHH:mm:ss}");
        Says(reason);
    }

    [Theory]
    [InlineData("\"2026-11-01T00:00:00Z\"", "2026-11-01T00:00:00.000000", null)]
    [InlineData("\"2026-11-01T00:00:00\"", "2026-11-01T00:00:00.000000", null)]
    [InlineData("\"2026-11-01T02:00:00.5+02:00\"", "2026-11-01T00:00:00.500000", null)]
    [InlineData("\"2026-11-01T00:00:00.123456Z\"", "2026-11-01T00:00:00.123456", null)]
    [InlineData("\"1999-12-31T23:59:59Z\"", "1970-01-01T00:00:00.000000", "n n ")]
    [InlineData("\"2026-11-01\"", "1970-01-01T00:00:00.000000", "n needs n as 2026-11-01T00:00:00Z.")]
    [InlineData("7", "1970-01-01T00:00:00.000000", "n needs n as")]
    [InlineData("null", "1970-01-01T00:00:00.000000", " needs n as")]
    public void Time_AMember_IsUtc(string value, string time, string? reason)
    {
        Assert.Equal(time, $"{Of($"{{\"n\":{value}}}").Time("n"):yyyy-MM-ddTHH:mm:ss.ffffff}");
        Says(reason);
    }

    [Theory]
    [InlineData("""{"n":{"a":1}}""", true)]
    [InlineData("""{"n":[]}""", false)]
    [InlineData("""{"n":null}""", false)]
    [InlineData("{}", false)]
    public void Inside_AMember_IsAnObject(string json, bool isInside) =>
        Assert.Equal(isInside, Of(json).Inside("n") is not null);

    [Fact]
    public void Read_Values_KnowWhereTheyStand()
    {
        const string json = "\uFEFF{\n\"a\": [1,\n\n {\"b\":\ntrue}]}\n{\"c\":null}";
        var documents = ReportJson.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal(2, documents.Count);
        var list = documents[0].Members["a"];
        Assert.Equal(("a", 2, ""), (list.Path, list.Line, list.Text));
        Assert.Equal(("a[0]", 2, "1"), (list.Items[0].Path, list.Items[0].Line, list.Items[0].Text));
        Assert.Equal(("a[1].b", 5), (list.Items[1].Members["b"].Path, list.Items[1].Members["b"].Line));
        Assert.Equal((6, ""), (documents[1].Line, documents[1].Path));
        Assert.False(documents[1].Has("c", out _));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Read_Depth_IsBounded(int depth, bool isRead)
    {
        var json = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        if (isRead) Assert.Single(ReportJson.Read(json));
        else Assert.ThrowsAny<System.Text.Json.JsonException>(() => ReportJson.Read(json));
    }
}
