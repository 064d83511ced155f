using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Reconciliation;
using Guerdon.Metering.UsageImports;

namespace Guerdon.Unit.Metering;

/// <summary>What an import reads of times and columns, and how far a wallet pays for it.</summary>
public class ImportRulesTests
{
    [Theory]
    [InlineData("2026-11-01T09:30:00Z", "2026-11-01T09:30:00.0000000+00:00")]
    [InlineData("2026-11-01 09:30:00", "2026-11-01T09:30:00.0000000+00:00")]
    [InlineData("2026-11-01t09:30:00z", "2026-11-01T09:30:00.0000000+00:00")]
    [InlineData("2026-11-01T09:30:00+02:00", "2026-11-01T07:30:00.0000000+00:00")]
    [InlineData("2026-11-01T09:30:00 -02:00", "2026-11-01T11:30:00.0000000+00:00")]
    [InlineData("2026-11-01", "2026-11-01T00:00:00.0000000+00:00")]
    [InlineData("2026-11-01T09:30:00.5Z", "2026-11-01T09:30:00.5000000+00:00")]
    [InlineData("2026-11-01T09:30:00,123456789Z", "2026-11-01T09:30:00.1234560+00:00")] // cut to the microsecond
    [InlineData("1793525400", "2026-11-01T09:30:00.0000000+00:00")]
    [InlineData("1793525400.25", "2026-11-01T09:30:00.2500000+00:00")]
    [InlineData("1793525400123", "2026-11-01T09:30:00.1230000+00:00")]
    [InlineData("1793525400123456", "2026-11-01T09:30:00.1234560+00:00")]
    [InlineData("1793525400123456789", "2026-11-01T09:30:00.1234560+00:00")]
    [InlineData("1793525400123.9", "2026-11-01T09:30:00.1230000+00:00")] // a fraction is of seconds only
    [InlineData("946684800", "2000-01-01T00:00:00.0000000+00:00")] // the first that can be, and the last
    [InlineData("7258032000", "2199-12-31T00:00:00.0000000+00:00")]
    [InlineData("946684799", null)]
    [InlineData("7258032001", null)]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.0000000+00:00")]
    [InlineData("9998-12-31T23:59:59.999999Z", "9998-12-31T23:59:59.9999990+00:00")]
    [InlineData("2026-02-30", null)]
    [InlineData("2026-11-01T25:00:00Z", null)]
    [InlineData("01.11.2026", null)]
    [InlineData("12345678", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("", null)]
    public void Read_Times_AreUtcToTheMicrosecond(string text, string? at) =>
        Assert.Equal(at, UsageTimes.Read(text)?.ToString("O"));

    [Theory]
    [InlineData("time=T,input=I,output=O", "T I O", null)]
    [InlineData(" time = T , input = I , output = O , cached=C, person=P, model=M, id=D,", "T I O C P M D", null)]
    [InlineData("time=T,input=I", "", "'output' is not mapped.")]
    [InlineData("input=I,output=O", "", "'time' is not mapped.")]
    [InlineData("time=T,input=I,output=O,time=U", "", "'time' is mapped twice.")]
    [InlineData("time=T,input=I,output=O,cost=U", "", "'cost' cannot be mapped;")]
    [InlineData("time=T,input=I,output=", "", "'output=' is not name=column.")]
    [InlineData("time", "", "'time' is not name=column.")]
    public void Parse_Map_NamesColumnsOrWhatIsWrong(string text, string columns, string? wrong)
    {
        var isRead = UsageMap.Parse(text).Is(out var map, out var refused);
        Assert.Equal(columns, isRead ? string.Join(' ', map!.Columns) : "");
        if (wrong is null) Assert.Null(refused);
        else Assert.Contains(wrong, refused!.Detail, StringComparison.Ordinal);
    }

    // A wallet with 10; rows of 6, 6 and 1.
    [Theory]
    [InlineData(Charging.Never, "0 0 0", 10)]
    [InlineData(Charging.Available, "6 4 0", 0)]
    [InlineData(Charging.Must, "6 - 1", 3)] // the second is refused, and takes nothing
    public void Take_Rows_PayAsFarAsIsAsked(string how, string paid, long left)
    {
        var wallet = WalletId.Treasury;
        var charging = new Charging(how, new() { [wallet] = new(10) });
        long[] rows = [6, 6, 1];
        var taken = rows.Select(r => charging.Take(wallet, new(r)) is { } had ? $"{had.Milli}" : "-");
        Assert.Equal(paid, string.Join(' ', taken));
        Assert.Equal(left, charging.Left(wallet).Milli);
        Assert.Equal(Tokens.Zero, charging.Left(default));
    }

    [Fact]
    public void Take_ExactlyWhatIsLeft_IsPaid()
    {
        var charging = new Charging(Charging.Must, new() { [WalletId.Treasury] = new(10) });
        Assert.Equal(new Tokens(10), charging.Take(WalletId.Treasury, new(10)));
        Assert.Equal(Tokens.Zero, new Charging(Charging.Must, new() { [default] = new(-5) }).Left(default));
    }

    [Theory]
    [InlineData("openai", null, null, "2026-10-18 2026-11-21")] // 35 days with today
    [InlineData("openai", null, "2026-11-30", "2026-10-27 2026-11-30")]
    [InlineData("openai", "2026-11-21", null, "2026-11-21 2026-11-21")]
    [InlineData("openai", "2026-11-22", null, null)]
    [InlineData("openai", "2025-11-21", "2026-11-21", "2025-11-21 2026-11-21")] // 366 days
    [InlineData("openai", "2025-11-20", "2026-11-21", null)]
    [InlineData("openai", "2200-12-31", "2200-12-31", "2200-12-31 2200-12-31")]
    [InlineData("openai", "2201-01-01", "2201-01-01", null)]
    [InlineData("openai", null, "0001-01-02", "0001-01-01 0001-01-02")]
    [InlineData("", null, null, null)]
    [InlineData(null, null, null, null)]
    [InlineData(
        "0123456789012345678901234567890123456789012345678901234567890123", null, null, "2026-10-18 2026-11-21")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", null, null, null)]
    public void Scope_Days_AreAtMostAYearAndUsuallyFiveWeeks(string? provider, string? from, string? to, string? days)
    {
        var isOne = ScopeOf.Read(provider, Day(from), Day(to), new Today()).Is(out var scope, out _);
        Assert.Equal(days, scope is null ? null : $"{scope.From:yyyy-MM-dd} {scope.To:yyyy-MM-dd}");
        Assert.Equal(days is not null, isOne);
    }

    private static DateOnly? Day(string? text) => text is null ? null : Vesting.VestingMake.Day(text);

    private sealed class Today : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 23, 59, 0, TimeSpan.Zero);
    }
}
