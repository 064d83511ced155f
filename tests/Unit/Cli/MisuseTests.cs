namespace Stipend.Unit.Cli;

public sealed class MisuseTests
{
    [Theory]
    [InlineData("improt", "There is no verb 'improt': did you mean 'import'? See 'stipend --help'.")]
    [InlineData("dance", "There is no verb 'dance'. See 'stipend --help'.")]
    [InlineData("import pepole x.csv",
        "There is no verb 'pepole': did you mean 'people'? See 'stipend import --help'.")]
    [InlineData("key", "'stipend key' needs one of: create, list, revoke. See 'stipend key --help'.")]
    [InlineData("wallet",
        "'stipend wallet' needs PERSON: An e-mail address or id, or 'me'. See 'stipend wallet --help'.")]
    [InlineData("wallet ada bob", "'stipend wallet' cannot do anything with 'bob'. See 'stipend wallet --help'.")]
    [InlineData("overview --jsno",
        "There is no option '--jsno': did you mean '--json'? See 'stipend overview --help'.")]
    [InlineData("wallet --jsno ada",
        "There is no option '--jsno': did you mean '--json'? See 'stipend wallet --help'.")]
    [InlineData("wallet --sever=http://x ada",
        "There is no option '--sever': did you mean '--server'? See 'stipend wallet --help'.")]
    [InlineData("--server http://x people",
        "'--server' belongs after the verb: 'stipend people --server …'. See 'stipend people --help'.")]
    [InlineData("convert quote gold 5",
        "'gold' is none of cash, time_off, equity. See 'stipend convert quote --help'.")]
    [InlineData("gl export --format csv --from 2026-11-30 --until 2026-11-01 --to x",
        "--from is after --until. See 'stipend gl export --help'.")]
    [InlineData("gateway clear wal_1", "That is no such id: one is wal_ and 32 hexadecimal digits, as"
        + " 'stipend gateway stops' shows it. See 'stipend gateway clear --help'.")]
    [InlineData("people --team", "--team needs a value. See 'stipend people --help'.")]
    [InlineData("grant run --plan p", "'stipend grant run' needs --period: The month to grant for, as 2026-11."
        + " See 'stipend grant run --help'.")]
    [InlineData("grant run --plan p --period november",
        "'november' is not a month: write it as 2026-11. See 'stipend grant run --help'.")]
    [InlineData("statement me --month 2026-13",
        "'2026-13' is not a month: write it as 2026-11. See 'stipend statement --help'.")]
    [InlineData("statement me --from 2026-11-01", "--from and --to go together. See 'stipend statement --help'.")]
    [InlineData("statement me --from 2026-11-02 --to 2026-11-01",
        "--from is after --to. See 'stipend statement --help'.")]
    [InlineData("statement me --month 2026-11 --to 2026-11-09",
        "--month goes without --from and --to. See 'stipend statement --help'.")]
    [InlineData("statement me --csv --json", "--csv and --json exclude each other. See 'stipend statement --help'.")]
    [InlineData("import people no/such.csv", "There is no file no/such.csv. See 'stipend import people --help'.")]
    [InlineData("import people /", "/ is a directory, not a file. See 'stipend import people --help'.")]
    [InlineData("key create --person ada --name n --budget -5",
        "'-5' is not a number of tokens: write it as 50000 or 0.5. See 'stipend key create --help'.")]
    [InlineData("key create --person ada --name n --expires soon",
        "'soon' is not a day: write it as 2026-11-30. See 'stipend key create --help'.")]
    [InlineData("import usage - --map time=T,input=I",
        "--map needs output, as output=Column. See 'stipend import usage --help'.")]
    [InlineData("import usage - --map time=T,input=I,output",
        "--map has 'output': write it as field=Column. See 'stipend import usage --help'.")]
    [InlineData("import usage - --map time=T,input=I,output=O,colour=C",
        "--map knows no field 'colour': it can be time, input, output, cached, person, model, id."
        + " See 'stipend import usage --help'.")]
    [InlineData("import usage - --map time=T,input=I,output=O,time=U",
        "--map has time twice. See 'stipend import usage --help'.")]
    [InlineData("overview --server nowhere", "--server is not an address: write it as http://127.0.0.1:8080 or"
        + " https://stipend.example.com.")]
    [InlineData("overview --token é", "What --token holds is not a token: copy it again, or name another with"
        + " --token or STIPEND_TOKEN.")]
    public async Task Run_Misused_SaysItInOneLineAndExits2(string line, string expected)
    {
        var typed = await Typed.RunAsync(line);

        Assert.Equal($"stipend: {expected}\n", typed.Messages);
        Assert.Equal("", typed.Results);
        Assert.Equal(2, typed.Exit);
    }

    [Fact]
    public async Task Run_ArgumentThatBeginsWithAnAt_IsNoResponseFile()
    {
        var typed = await Typed.RunAsync("wallet @home bob");

        Assert.Equal(
            "stipend: 'stipend wallet' cannot do anything with 'bob'. See 'stipend wallet --help'.\n", typed.Messages);
    }

    [Fact]
    public async Task Run_BadAddressInTheEnvironment_NamesTheVariable()
    {
        var typed = await Typed.RunAsync(["overview"], variables: new() { ["STIPEND_URL"] = "ftp://x" });

        Assert.StartsWith("stipend: STIPEND_URL is not an address", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(2, typed.Exit);
    }
}
