using Stipend.Bench;

switch (args)
{
    case ["ledger", ..]: return await LedgerBench.RunAsync(Quick(args));
    case ["gateway", ..]: return await GatewayBench.RunAsync(Quick(args));
    case ["mock", var url]: return await Mock.RunAsync(url);
    case ["proxy", var url, var upstream]: return await BareProxy.RunAsync(url, upstream);
    default:
        Console.Error.WriteLine("bench/run ledger | gateway  [--quick]");
        return 2;
}

static bool Quick(string[] args) => args.Contains("--quick");
