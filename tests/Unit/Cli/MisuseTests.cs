namespace Guerdon.Unit.Cli;

public sealed class MisuseTests
{
    [Theory]
    [InlineData("improt", "There is no verb 'improt': did you mean 'import'? See 'guerdon --help'.")]
    [InlineData("dance", "There is no verb 'dance'. See 'guerdon --help'.")]
    [InlineData("import pepole x.csv",
        "There is no verb 'pepole': did you mean 'people'? See 'guerdon import --help'.")]
    [InlineData("key", "'guerdon key' needs one of: create, list, revoke. See 'guerdon key --help'.")]
    [InlineData("wallet",
        "'guerdon wallet' needs PERSON: An e-mail address or id, or 'me'. See 'guerdon wallet --help'.")]
    [InlineData("wallet ada bob", "'guerdon wallet' cannot do anything with 'bob'. See 'guerdon wallet --help'.")]
    [InlineData("overview --jsno",
        "There is no option '--jsno': did you mean '--json'? See 'guerdon overview --help'.")]
    [InlineData("wallet --jsno ada",
        "There is no option '--jsno': did you mean '--json'? See 'guerdon wallet --help'.")]
    [InlineData("wallet --sever=http://x ada",
        "There is no option '--sever': did you mean '--server'? See 'guerdon wallet --help'.")]
    [InlineData("--server http://x people",
        "'--server' belongs after the verb: 'guerdon people --server …'. See 'guerdon people --help'.")]
    [InlineData("convert quote gold 5",
        "'gold' is none of cash, time_off, equity. See 'guerdon convert quote --help'.")]
    [InlineData("gl export --format csv --from 2026-11-30 --until 2026-11-01 --to x",
        "--from is after --until. See 'guerdon gl export --help'.")]
    [InlineData("gateway clear wal_1", "That is not the right kind of id: expected wal_ and 32 hexadecimal digits, as"
        + " 'guerdon gateway stops' shows it. See 'guerdon gateway clear --help'.")]
    [InlineData("convert reverse cnv_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason Twice --step 4",
        "--step goes with --approve or --decline. See 'guerdon convert reverse --help'.")]
    [InlineData("people --team", "--team needs a value. See 'guerdon people --help'.")]
    [InlineData("grant run --plan p", "'guerdon grant run' needs --period: The month to grant for, as 2026-11."
        + " See 'guerdon grant run --help'.")]
    [InlineData("grant run --plan p --period november",
        "'november' is not a month: write it as 2026-11. See 'guerdon grant run --help'.")]
    [InlineData("statement me --month 2026-13",
        "'2026-13' is not a month: write it as 2026-11. See 'guerdon statement --help'.")]
    [InlineData("statement me --from 2026-11-01", "--from and --to go together. See 'guerdon statement --help'.")]
    [InlineData("statement me --from 2026-11-02 --to 2026-11-01",
        "--from is after --to. See 'guerdon statement --help'.")]
    [InlineData("statement me --month 2026-11 --to 2026-11-09",
        "--month goes without --from and --to. See 'guerdon statement --help'.")]
    [InlineData("statement me --csv --json", "--csv and --json exclude each other. See 'guerdon statement --help'.")]
    [InlineData("import people no/such.csv", "There is no file no/such.csv. See 'guerdon import people --help'.")]
    [InlineData("import people /", "/ is a directory, not a file. See 'guerdon import people --help'.")]
    [InlineData("key create --person ada --name n --budget -5",
        "'-5' is not a number of tokens: write it as 50000 or 0.5. See 'guerdon key create --help'.")]
    [InlineData("key create --person ada --name n --expires soon",
        "'soon' is not a day: write it as 2026-11-30. See 'guerdon key create --help'.")]
    [InlineData("import usage - --map time=T,input=I",
        "--map needs output, as output=Column. See 'guerdon import usage --help'.")]
    [InlineData("import usage - --map time=T,input=I,output",
        "--map has 'output': write it as field=Column. See 'guerdon import usage --help'.")]
    [InlineData("import usage - --map time=T,input=I,output=O,colour=C",
        "--map knows no field 'colour': it can be time, input, output, cached, person, model, id."
        + " See 'guerdon import usage --help'.")]
    [InlineData("import usage - --map time=T,input=I,output=O,time=U",
        "--map has time twice. See 'guerdon import usage --help'.")]
    [InlineData("overview --server nowhere", "--server is not an address: write it as http://127.0.0.1:8080 or"
        + " https://guerdon.example.com.")]
    [InlineData("overview --token é", "What --token holds is not a token: copy it again, or name another with"
        + " --token or GUERDON_TOKEN.")]
    public async Task Run_Misused_SaysItInOneLineAndExits2(string line, string expected)
    {
        var typed = await Typed.RunAsync(line);

        Assert.Equal($"guerdon: {expected}\n", typed.Messages);
        Assert.Equal("", typed.Results);
        Assert.Equal(2, typed.Exit);
    }

    [Fact]
    public async Task Run_ArgumentThatBeginsWithAnAt_IsNoResponseFile()
    {
        var typed = await Typed.RunAsync("wallet @home bob");

        Assert.Equal(
            "guerdon: 'guerdon wallet' cannot do anything with 'bob'. See 'guerdon wallet --help'.\n", typed.Messages);
    }

    [Fact]
    public async Task Run_BadAddressInTheEnvironment_NamesTheVariable()
    {
        var typed = await Typed.RunAsync(["overview"], variables: new() { ["GUERDON_URL"] = "ftp://x" });

        Assert.StartsWith("guerdon: GUERDON_URL is not an address", typed.Messages, StringComparison.Ordinal);
        Assert.Equal(2, typed.Exit);
    }
}
