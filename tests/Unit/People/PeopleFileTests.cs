using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;

namespace Guerdon.Unit.People;

public class PeopleFileTests
{
    private const string Header =
        "email,name,team,role,level,country,cost_centre,hired_on,left_on,"
        + "base_pay,total_pay,currency,github_login,is_bot";

    private const string Good =
        "ada@corp.example,Ada,Engineering/Platform,Engineer,L5,GB,CC1,2024-02-29,,100000,120000.50,GBP,ada,";

    private static async Task<PeopleFile> ReadAsync(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await PeopleFile.ReadAsync(stream, TestContext.Current.CancellationToken);
    }

    private static Task<PeopleFile> ReadRowsAsync(params string[] rows) =>
        ReadAsync(Header + "\n" + string.Join('\n', rows) + "\n");

    [Fact]
    public async Task Read_GoodRow_IsExact()
    {
        var file = await ReadAsync("\uFEFF" + Header + "\r\n"
            + "\" ADA@Corp.Example \",\"Ada \"\"L\"\"\", Engineering / Platform ,"
            + "Engineer,l5,gb,CC1,2024-02-29,2024-02-29,0.07,120000.5,gbp,Ada,TRUE");

        Assert.Empty(file.Errors.InOrder);
        Assert.Equal(
            new PersonRow(2, "ada@corp.example", "Ada \"L\"", "Engineering/Platform", "Engineer", "L5", "GB", "CC1",
                new(2024, 2, 29), new(2024, 2, 29), 7, 12_000_050, "GBP", true, "ada", null),
            Assert.Single(file.Rows));
    }

    private const string DatedHeader =
        Header + ",effective_on,manager_email,legal_entity,employment,part_time,leave,time_zone";

    [Fact]
    public async Task Read_DatedColumns_AreExact()
    {
        var file = await ReadAsync(DatedHeader + "\n" + Good
            + ",2026-03-01, BOSS@corp.example ,Corp GmbH,Contractor,62.5%,Parental,Europe/Berlin\n"
            + Good.Replace("ada", "bob", StringComparison.Ordinal) + ",,,,,,,\n");

        Assert.Empty(file.Errors.InOrder);
        Assert.Equal(
            new DatedCells
            {
                From = new(2026, 3, 1), ManagerText = "boss@corp.example", LegalEntityText = "Corp GmbH",
                EmploymentText = "contractor", PartTimeBp = 6_250, LeaveText = "parental",
                TimeZoneText = "Europe/Berlin",
            }, file.Rows[0].Dated);
        // A column that is there and blank says nobody, none, all of it; one that is not there says nothing.
        Assert.Equal(
            new DatedCells
            {
                ManagerText = "", LegalEntityText = "", EmploymentText = "employee", PartTimeBp = 10_000,
                LeaveText = "", TimeZoneText = "",
            }, file.Rows[1].Dated);
        Assert.Equal(new DatedCells(), (await ReadRowsAsync(Good)).Rows[0].Dated);
    }

    [Theory]
    [InlineData("2024-02-28,,,,,,", "effective_on", "before hired_on")]
    [InlineData("2026-02-30,,,,,,", "effective_on", "not a day of the calendar")]
    [InlineData(",boss,,,,,", "manager_email", "neither an e-mail address")]
    [InlineData(",,,temp,,,", "employment", "employee or contractor")]
    [InlineData(",,,,80,,", "part_time", "such as 80%, 62.5% or 0.8")]
    [InlineData(",,,,0%,,", "part_time", "part of full time")]
    [InlineData(",,,,101%,,", "part_time", "part of full time")]
    [InlineData(",,,,,on leave,", "leave", "kind of leave")]
    [InlineData(",,,,,,CET", "time_zone", "Europe/Berlin")]
    public async Task Read_WrongDatedCell_IsNamed(string cells, string column, string reason)
    {
        var error = Assert.Single((await ReadAsync($"{DatedHeader}\n{Good},{cells}\n")).Errors.InOrder);
        Assert.Equal(column, error.Column);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",unpaid,,", "leave_pay", "write its kind into leave")]
    [InlineData(",,2026-03-01,", "leave_from", "write its kind into leave")]
    [InlineData(",,,2026-03-01", "leave_until", "write its kind into leave")]
    [InlineData("parental,half,,", "leave_pay", "paid or unpaid")]
    [InlineData("parental,,2024-02-28,", "leave_from", "before hired_on")]
    [InlineData("parental,,2026-03-02,2026-03-01", "leave_until", "before leave_from")]
    [InlineData("parental,,2026-02-30,", "leave_from", "not a day of the calendar")]
    public async Task Read_WrongCellOfALeave_IsNamed(string cells, string column, string reason)
    {
        var error = Assert.Single((await ReadAsync(
            $"{Header},leave,leave_pay,leave_from,leave_until\n{Good},{cells}\n")).Errors.InOrder);
        Assert.Equal(column, error.Column);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_KindOfTheNameOfADatedColumn_StaysAKind()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Header + ",leave\n" + Good + ",L-17\n"));
        var file = await PeopleFile.ReadAsync(
            stream, [.. IdentityKind.BuiltIn, new IdentityKind("leave", false)], TestContext.Current.CancellationToken);

        Assert.Empty(file.Errors.InOrder);
        Assert.Equal([new("leave", "L-17")], file.Rows[0].Others);
        Assert.Null(file.Rows[0].Dated.LeaveText);
        Assert.False(IdentityKind.IsName("leave"));
    }

    [Fact]
    public async Task Read_ShippedExample_HasNoErrors()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Directory.Packages.props"))) folder = Path.GetDirectoryName(folder)!;
        var file = await ReadAsync(await File.ReadAllTextAsync(
            Path.Combine(folder, "examples", "people.csv"), TestContext.Current.CancellationToken));

        Assert.Empty(file.Errors.InOrder);
        Assert.Equal(10, file.Rows.Count);
    }

    [Theory]
    [InlineData("ada@corp.example", "ada@corp", "email", "not an e-mail address")]
    [InlineData("ada@corp.example", "ada corp.example", "email", "not an e-mail address")]
    [InlineData("ada@corp.example", "", "email", "blank")]
    [InlineData("Ada", "", "name", "blank")]
    [InlineData("Ada", "A\u0007da", "name", "control character")]
    [InlineData("Ada", "A\uFFFDda", "name", "UTF-8")]
    [InlineData("Engineering/Platform", "Engineering//Platform", "team", "Engineering/Platform")]
    [InlineData("Engineering/Platform", "/Engineering", "team", "Engineering/Platform")]
    [InlineData("Engineering/Platform", "a/b/c/d/e/f/g/h/i", "team", "1 to 8")]
    [InlineData("L5", "L11", "level", "L1 to L10")]
    [InlineData("L5", "L0", "level", "L1 to L10")]
    [InlineData("GB,CC1", "UK,CC1", "country", "ISO 3166-1")]
    [InlineData("CC1", " ", "cost_centre", "blank")]
    [InlineData("2024-02-29,,", "2026-02-30,,", "hired_on", "not a day of the calendar")]
    [InlineData("2024-02-29,,", "29.02.2024,,", "hired_on", "2026-11-30")]
    [InlineData("2024-02-29,,", ",,", "hired_on", "blank")]
    [InlineData("2024-02-29,,", "0024-02-29,,", "hired_on", "1900")]
    [InlineData("2024-02-29,,", "2024-02-29,2024-02-28,", "left_on", "before hired_on")]
    [InlineData("2024-02-29,,", "2024-02-29,2023-02-29,", "left_on", "not a day of the calendar")]
    [InlineData("100000,", "-1,", "base_pay", "negative")]
    [InlineData("100000,", "1.005,", "base_pay", "two decimals")]
    [InlineData("100000,", "1e5,", "base_pay", "without separators")]
    [InlineData("100000,", "\"100,000\",", "base_pay", "without separators")]
    [InlineData("100000,", "1000000000001,", "base_pay", "trillion")]
    [InlineData("120000.50", "99999.99", "total_pay", "less than base_pay")]
    [InlineData("GBP", "EURO", "currency", "ISO 4217")]
    [InlineData(",ada,", ",ada,maybe", "is_bot", "true nor false")]
    public async Task Read_OneWrongCell_IsNamedOnceWithItsLineAndColumn(
        string right, string wrong, string column, string reason)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var file = await ReadRowsAsync(Good.Replace("ada", "bob", StringComparison.OrdinalIgnoreCase),
            Good.Replace(right, wrong, StringComparison.Ordinal));

        var error = Assert.Single(file.Errors.InOrder);
        Assert.Equal((3, column), (error.Line, error.Column));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("email", 0, "lacks email")]
    [InlineData("email,email", 0, "twice")]
    [InlineData("mail", 0, "does not have")]
    public async Task Read_WrongHeader_IsRefusedWholly(string instead, int rows, string reason)
    {
        var header = reason == "lacks email" ? Header.Replace("email,", "", StringComparison.Ordinal)
            : Header.Replace("email", instead, StringComparison.Ordinal);
        var file = await ReadAsync(header + "\n" + Good + "\n");

        Assert.Equal(rows, file.Rows.Count);
        Assert.Contains(file.Errors.InOrder, e => e.Line == 1 && e.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("email;name;team\nx;y;z")]
    public async Task Read_NoUsableHeader_IsOneErrorThatNamesEveryColumn(string text)
    {
        var error = Assert.Single((await ReadAsync(text)).Errors.InOrder);
        Assert.Equal(1, error.Line);
        Assert.All(PersonColumns.Required, c => Assert.Contains(c, error.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_SameEmailOrLoginTwice_NamesTheEarlierLine()
    {
        var file = await ReadRowsAsync(Good, Good.Replace("ada@", "Ada@", StringComparison.Ordinal));

        Assert.Equal(["email", "github_login"], file.Errors.InOrder.Select(e => e.Column));
        Assert.All(file.Errors.InOrder,
            e => Assert.Equal((3, true), (e.Line, e.Reason.Contains("line 2", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Read_BrokenRows_AreNamedByTheirOwnLines()
    {
        var file = await ReadRowsAsync("too,short", Good, "a\"b" + Good, "", Good + ",x", "\"never closed");

        Assert.Equal([2, 4, 6, 7], file.Errors.InOrder.Select(e => e.Line));
        Assert.Equal(5, file.RowCount);
    }

    [Fact]
    public async Task Read_UnclosedQuoteBeforeManyRows_IsStoppedAtItsLine()
    {
        var file = await ReadRowsAsync([Good, "\"open," + Good, .. Enumerable.Repeat(Good, 2_000)]);
        Assert.Contains(file.Errors.InOrder, e => e.Line == 3 && e.Reason.Contains("quote", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_EverythingWrong_CollectsAllAndKeepsTenThousand()
    {
        var file = await ReadRowsAsync([.. Enumerable.Repeat(",,,,,,,,,,,,,", 2_000)]);
        Assert.Equal((22_000, 10_000), (file.Errors.Count, file.Errors.InOrder.Count));
    }

    [Fact]
    public void Read_AnyPayInCents_ComesBackExactly() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).Select(n => n * 40_009L).ToArbitrary(), cents =>
        {
            var text = Decimals.Format(cents, 2, 2).Replace(",", "", StringComparison.Ordinal);
            var file = ReadRowsAsync(Good.Replace(",100000,", $",{text},", StringComparison.Ordinal)
                .Replace(",120000.50,", $",{text},", StringComparison.Ordinal)).GetAwaiter().GetResult();
            return file.Rows.Single().BasePayCents == cents && file.Errors.Count == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Codes_Lists_AreComplete()
    {
        var letters = Enumerable.Range('A', 26).Select(c => ((char)c).ToString(CultureInfo.InvariantCulture)).ToArray();
        var pairs = (from a in letters from b in letters select a + b).ToArray();

        Assert.Equal(249, pairs.Count(Codes.IsCountry));
        Assert.Equal(154, (from a in pairs from b in letters select a + b).Count(Codes.IsCurrency));
    }
}
