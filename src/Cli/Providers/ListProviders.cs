using System.Globalization;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Providers;

/// <summary><c>guerdon provider list</c>: where they are, by which keys they are called, and their health.</summary>
internal static class ListProviders
{
    public static Verb Build() =>
        new Verb("list", "List the providers and their health; keys are never shown.", "guerdon provider list")
            .Does(async (call, ct) =>
            {
                var answer = await call.GetAsync("Listing providers", "api/v1/providers", ct);
                return call.Show(answer, ProvidersJson.Default.ProviderVerbsList, items =>
                {
                    if (items.Count == 0) call.Output.Note("There are no providers: set one with 'provider set'.");
                    else call.Output.Table(Table(items));
                    return ExitCodes.Done;
                });
            });

    private static TextTable Table(IReadOnlyList<ProviderVerbs.Item> items)
    {
        var table = new TextTable().Left("Name").Left("Health").Left("Source").Left("Dialect").Left("Serves")
            .Right("Weight").Left("Address").Left("Key").Left("Second key");
        foreach (var item in items)
        {
            table.Row(
                item.Name, item.Health.Shown, item.Source, item.Dialect, item.Serves,
                item.Weight.ToString(CultureInfo.InvariantCulture), item.BaseUrl, item.FirstKey?.Shown ?? "none",
                item.SecondKey is { } second ? $"{second.Shown} until {Shown.Time(second.RetiresAt)}" : "");
        }

        return table;
    }
}
