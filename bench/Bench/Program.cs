using Stipend.Bench;

switch (args)
{
    case ["ledger", ..]: return await LedgerBench.RunAsync(Quick(args));
    case ["gateway", ..]: return await GatewayBench.RunAsync(Quick(args));
    default:
        Console.Error.WriteLine("bench/run ledger | gateway  [--quick]");
        return 2;
}

static bool Quick(string[] args) => args.Contains("--quick");
