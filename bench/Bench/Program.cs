using Guerdon.Bench;

switch (args)
{
    case ["ledger", ..]: return await LedgerBench.RunAsync(Quick(args));
    case ["gateway", ..]: return await GatewayBench.RunAsync(Quick(args));
    case ["grants", "--people", var people]: return await GrantsBench.RunAsync(Port(people));
    case ["grants", ..]: return await GrantsBench.RunAsync(Quick(args) ? 100_000 : 1_000_000);
    case ["streams", ..]: return await StreamsBench.RunAsync(Quick(args));
    case ["reader", ..]: return ReaderBench.Run(Quick(args));
    case ["stop", "--seconds", var seconds]: return await StopBench.RunAsync(20, Port(seconds));
    case ["stop", ..]: return await StopBench.RunAsync(20, Quick(args) ? 10 : 60);
    case ["scim", ..]: return await ScimBench.RunAsync(Quick(args) ? 300 : 10_000);
    case ["mock", var url]: return await Mock.RunAsync(url);
    case ["proxy", var url, var upstream]: return await BareProxy.RunAsync(url, upstream);
    case ["guerdon", var port, .. var rest]: return await Counted.GuerdonAsync(Port(port), rest);
    default:
        Console.Error.WriteLine("bench/run ledger | gateway | streams | grants | reader | stop | scim  [--quick]");
        return 2;
}

static bool Quick(string[] args) => args.Contains("--quick");

static int Port(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
