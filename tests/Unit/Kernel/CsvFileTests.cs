using System.Text;
using Guerdon.Grants.Runs;
using Guerdon.Kernel;
using Guerdon.Metering.UsageImports;
using Guerdon.People.Employees;
using Guerdon.Pricing.PriceImports;
using Guerdon.Unit.Architecture;

namespace Guerdon.Unit.Kernel;

/// <summary>CSV as people make it, through every reader there is.</summary>
public sealed class CsvFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);

    private delegate Task<(int Rows, IReadOnlyList<RowError> Errors)> Reader(Stream csv);

    /// <summary>Every reader, with a file of two good rows that has commas in its cells.</summary>
    private static readonly Dictionary<string, (string Text, Reader Read)> Readers = new()
    {
        ["people"] = ("""
                email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency
                ada@corp.example,"Lovelace, Ada",Engineering,Engineer,L5,GB,CC1,2024-02-29,,100000,120000.50,GBP
                bob@corp.example,"Ünal; Bob",Engineering,Engineer,L5,DE,CC1,2024-02-29,,100000,120000.50,EUR
                """, async csv =>
        {
            var file = await PeopleFile.ReadAsync(csv, TestContext.Current.CancellationToken);
            return (file.Rows.Count, file.Errors.InOrder);
        }
        ),
        ["awards"] = ("""
                person,award,amount_usd,reason
                ada@corp.example,star,250.50,"Shipped it, on time"
                bob@corp.example,star,,"Helped; a lot"
                """, async csv =>
        {
            var file = await AwardFile.ReadAsync(csv, TestContext.Current.CancellationToken);
            return (file.Asked.Count, file.Errors);
        }
        ),
        ["usage"] = ("""
                at,in,out,person,note
                2026-11-01T09:30:00Z,100,50,ada@corp.example,"a, b"
                1793525400,10,5,bob@corp.example,"c; d"
                """, async csv =>
        {
            var map = UsageMap.Parse("time=At,input=IN,output=out,person=Person").ValueOrDefault!;
            var file = await UsageFile.ReadAsync(csv, map, Now, TestContext.Current.CancellationToken);
            return (file.Rows.Count, file.Errors);
        }
        ),
        ["prices"] = ("""
                model,provider,input,output,context_tokens,comment
                m-1,openai,1.5,3,1000,"a, b"
                m-2,openai,2.5,3,1000,"c; d"
                """, async csv =>
        {
            var file = await CsvPrices.ReadAsync(csv, "test", null, TestContext.Current.CancellationToken);
            return (file.Prices.Count, file.Errors);
        }
        ),
    };

    public static TheoryData<string, string> Shapes()
    {
        var all = new TheoryData<string, string>();
        foreach (var reader in Readers.Keys)
            foreach (var shape in new[]
            {
                ",", ";", "\t", "|", "bom", "crlf", "utf-16", "utf-16 big", "utf-16 unmarked", "quoted", "capitals",
                "blanks", "hyphens", "hint",
            }) all.Add(reader, shape);
        return all;
    }

    [Theory, MemberData(nameof(Shapes))]
    public async Task Read_FileAsPeopleMakeIt_IsReadByEveryReader(string reader, string shape)
    {
        var (text, read) = Readers[reader];
        using var stream = new MemoryStream(Shaped(text.ReplaceLineEndings("\n"), shape));

        var (rows, errors) = await read(stream);

        Assert.Empty(errors);
        Assert.Equal(2, rows);
    }

    [Fact]
    public void Readers_AllThereAre_AreWalked()
    {
        var users = Repository.Files("src", ".cs").Where(f => !f.Contains("/Kernel/", StringComparison.Ordinal))
            .Where(f => Repository.Read(f).Contains("CsvFile.OpenAsync", StringComparison.Ordinal)).ToList();
        Assert.Equal(Readers.Count, users.Count);
        Assert.DoesNotContain(Repository.Files("src", ".cs"), f =>
            !f.EndsWith("/Kernel/CsvFile.cs", StringComparison.Ordinal)
            && Repository.Read(f).Contains("using CsvHelper", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("people")]
    [InlineData("awards")]
    [InlineData("usage")]
    [InlineData("prices")]
    public async Task Read_ForeignHeader_IsOneErrorThatSaysHowItWasRead(string reader)
    {
        using var stream = new MemoryStream("alpha;beta;gamma;delta;epsilon\n1;2;3;4;5\n"u8.ToArray());

        var (_, errors) = await Readers[reader].Read(stream);

        var error = Assert.Single(errors);
        Assert.Equal(1, error.Line);
        Assert.Contains("It was read as separated by semicolons, UTF-8.", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("people")]
    [InlineData("awards")]
    [InlineData("usage")]
    [InlineData("prices")]
    public async Task Read_NulOrOtherEncoding_IsNamedByRowAndColumn(string reader)
    {
        foreach (var (sign, says) in new[] { ("\0", "NUL"), ("\uFFFD", "UTF-8") })
        {
            var text = Readers[reader].Text.ReplaceLineEndings("\n").Replace("; ", sign, StringComparison.Ordinal);
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            var (_, errors) = await Readers[reader].Read(stream);
            var error = Assert.Single(errors);
            Assert.Equal(3, error.Line);
            Assert.NotNull(error.Column);
            Assert.Contains(says, error.Reason, StringComparison.Ordinal);
        }
    }

    private static byte[] Shaped(string text, string shape) => shape switch
    {
        "bom" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        "crlf" => Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n"),
        "utf-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        "utf-16 big" => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)],
        "utf-16 unmarked" => Encoding.Unicode.GetBytes(text),
        "quoted" => Encoding.UTF8.GetBytes(Header(text, h => string.Join(',', h.Split(',').Select(c => $"\"{c}\"")))),
        "capitals" => Encoding.UTF8.GetBytes(Header(text, h => h.ToUpperInvariant())),
        "blanks" => Encoding.UTF8.GetBytes(Header(text, h => string.Join(',', h.Split(',').Select(c => $" {c} ")))),
        "hyphens" => Encoding.UTF8.GetBytes(Header(text, h => h.Replace('_', '-')
            .Replace("email", "E-Mail", StringComparison.Ordinal))),
        "hint" => Encoding.UTF8.GetBytes("sep=;\r\n" + Separated(text, ';')),
        _ => Encoding.UTF8.GetBytes(Separated(text, shape[0])),
    };

    private static string Header(string text, Func<string, string> change)
    {
        var lines = text.Split('\n');
        lines[0] = change(lines[0]);
        return string.Join('\n', lines);
    }

    // Commas outside quotes become another sign.
    private static string Separated(string text, char sign)
    {
        var isQuoted = false;
        return string.Concat(text.Select(c =>
        {
            if (c == '"') isQuoted = !isQuoted;
            return c == ',' && !isQuoted ? sign : c;
        }));
    }
}
