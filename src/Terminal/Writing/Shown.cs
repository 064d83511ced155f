using System.Globalization;
using Guerdon.Kernel;

namespace Guerdon.Terminal.Writing;

/// <summary>
/// Amounts and times as people read them, each in one form. Dollars are cut to cents, never rounded up;
/// <c>--json</c> has every figure exact.
/// </summary>
public static class Shown
{
    /// <summary>USD with two decimals: <see cref="Kernel.Usd.Cents"/>.</summary>
    public static string Usd(long nanos) => new Usd(nanos).Cents;

    /// <summary>The same for a column that adds up to a total: <see cref="CentsColumn"/>.</summary>
    public static IEnumerable<string> Column<T>(IEnumerable<T> rows, Func<T, long> nanos) =>
        CentsColumn.Of(rows.Select(r => new Usd(nanos(r)))).Select(r => r.Cents);

    /// <summary>A price, which is exact: <c>0.075</c>. Nano-USD of whatever it is the price of.</summary>
    public static string Price(long nanos) => new Usd(nanos).ToString();

    /// <summary>What compute tokens are worth: <c>1.00 USD a million tokens</c>.</summary>
    /// <param name="nanosPerToken">Nano-USD.</param>
    public static string Rate(long nanosPerToken) => $"{Decimals.Format(nanosPerToken, 3, 2)} USD a million tokens";

    /// <summary>What tokens are worth, cut to cents as <see cref="Usd"/> has them.</summary>
    public static string Worth(long milli, long nanosPerToken) => new Tokens(milli).WorthAt(nanosPerToken)?.Cents
        ?? (milli < 0 ? $"under {Usd(long.MinValue)}" : $"over {Usd(long.MaxValue)}");

    public static string Tokens(long milli) => new Tokens(milli).ToString();

    /// <summary><c>2026-11-30</c>.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The day of an instant, UTC; empty where there is none.</summary>
    public static string Day(DateTimeOffset? at) => at is { } time ? Day(DateOnly.FromDateTime(time.UtcDateTime)) : "";

    /// <summary><c>2026-11-30 09:05 UTC</c>; empty where there is none.</summary>
    public static string Time(DateTimeOffset? at) => Wording.Utc(at);
}
