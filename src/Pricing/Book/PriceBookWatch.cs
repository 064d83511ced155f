using Guerdon.Storage;
using Microsoft.Extensions.Logging;

namespace Guerdon.Pricing.Book;

/// <summary>Keeps this node's price book as the database has it.</summary>
internal sealed class PriceBookWatch(PriceBook book, TimeProvider clock, ILogger<PriceBookWatch> log)
    : WatchedValue(Channel, TimeSpan.FromMinutes(1), clock, log)
{
    public const string Channel = "pricing_book";

    protected override Task ReadAsync(CancellationToken ct) => book.ReloadAsync(ct);
}
