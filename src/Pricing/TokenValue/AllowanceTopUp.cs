using Guerdon.Kernel;

namespace Guerdon.Pricing.TokenValue;

/// <summary>An allowance, topped up: <c>allowance × max(1, index) × (1 + b)</c>, its parts apart.</summary>
/// <param name="AllowanceNanos">Before.</param>
/// <param name="ForPricesNanos">What higher prices add; nothing where they fell.</param>
/// <param name="BufferNanos">What the buffer adds to both.</param>
/// <param name="TotalNanos">The sum of the three.</param>
public sealed record AllowanceTopUp(long AllowanceNanos, long ForPricesNanos, long BufferNanos, long TotalNanos)
{
    private const int Million = 1_000_000;

    /// <summary>Total, and allowance with prices, are each rounded up once, in the person's favour; the parts are
    /// differences, so that they add up.</summary>
    /// <exception cref="OverflowException">The total passes 9.2 billion USD.</exception>
    public static AllowanceTopUp Of(Usd allowance, long indexPpm, int bufferPpm)
    {
        var factor = Math.Max(Million, indexPpm);
        var scaled = checked((Int128)allowance.Nanos * factor);
        var withPrices = checked((long)CeilDiv(scaled, Million));
        var total = checked((long)CeilDiv(scaled * (Million + bufferPpm), (Int128)Million * Million));
        return new(allowance.Nanos, withPrices - allowance.Nanos, total - withPrices, total);
    }

    private static Int128 CeilDiv(Int128 value, Int128 by) => (value + by - 1) / by;
}
