using System.Globalization;
using System.Text;
using Guerdon.Gateway.Admission;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Gateway.Forwarding;

/// <summary>What a call cost, as the caller is told: in headers, or in the last event of a stream.</summary>
/// <param name="Settled">Cost and balance.</param>
/// <param name="CappedTo">The output cap that was sent, where it was lowered.</param>
/// <param name="IsEstimate">The provider's own figures were missing.</param>
internal readonly record struct CostReport(Settled Settled, long? CappedTo, bool IsEstimate)
{
    /// <summary>What was held, where the call cost more; null: it did not.</summary>
    public Tokens? BeyondHold { get; init; }

    /// <summary>The price may not cover all that the answer used; its record says what.</summary>
    public bool IsProvisional { get; init; }

    public void WriteHeaders(IHeaderDictionary headers)
    {
        if (BeyondHold is { } held) headers["x-guerdon-beyond-hold"] = Decimal(held.Milli, 1_000, 3, 3);
        headers["x-guerdon-cost-usd"] = Decimal(Settled.Cost.Money.Nanos, 1_000_000_000, 9, 6);
        headers["x-guerdon-charge"] = Decimal(Settled.Cost.Charge.Milli, 1_000, 3, 3);
        headers["x-guerdon-balance"] = Decimal(Settled.Balance.Milli, 1_000, 3, 3);
        if (IsEstimate) headers["x-guerdon-estimated"] = "true";
        if (IsProvisional) headers["x-guerdon-provisional"] = "true";
    }

    /// <summary>The report as a JSON object.</summary>
    public byte[] ToJson()
    {
        var capped = CappedTo is { } cap ? cap.ToString(CultureInfo.InvariantCulture) : "null";
        return Encoding.ASCII.GetBytes(
            $"{{\"cost_usd\":\"{Decimal(Settled.Cost.Money.Nanos, 1_000_000_000, 9, 6)}\","
            + $"\"charge\":\"{Decimal(Settled.Cost.Charge.Milli, 1_000, 3, 3)}\","
            + $"\"balance\":\"{Decimal(Settled.Balance.Milli, 1_000, 3, 3)}\","
            + (BeyondHold is { } held ? $"\"beyond_hold\":\"{Decimal(held.Milli, 1_000, 3, 3)}\"," : "")
            + $"\"capped_to\":{capped},\"estimated\":{(IsEstimate ? "true" : "false")}}}");
    }

    // Plain decimals such as 0.000123 and 1234.500, because programs read them and must not meet separators.
    private static string Decimal(long value, long one, int digits, int least)
    {
        Span<char> text = stackalloc char[40];
        (value / one).TryFormat(text, out var at, provider: CultureInfo.InvariantCulture);
        if (value < 0 && value > -one) // the whole part alone would lose the sign
        {
            "-0".CopyTo(text);
            at = 2;
        }

        text[at++] = '.';
        var fraction = text.Slice(at, digits);
        var rest = Math.Abs(value % one);
        for (var i = digits - 1; i >= 0; i--, rest /= 10) fraction[i] = (char)('0' + rest % 10);
        var kept = digits;
        while (kept > least && fraction[kept - 1] == '0') kept--;
        return new string(text[..(at + kept)]);
    }
}
