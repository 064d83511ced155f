using Guerdon.Ledger.Audit;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Ledger;

/// <summary>Registers what the module offers. It serves no routes; modules above know whose a wallet is.</summary>
public static class LedgerModule
{
    public static void AddLedger(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LedgerOptions>()
            .BindConfiguration(LedgerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LedgerWriter>().AddHostedService<LastToStop<LedgerWriter>>();
        builder.Services.AddHostedService<SealDays>();
    }
}
