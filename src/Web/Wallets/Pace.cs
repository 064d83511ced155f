using Guerdon.Kernel;

namespace Guerdon.Web.Wallets;

/// <summary>How long a balance lasts if days to come are like days past. A plain average.</summary>
internal static class Pace
{
    /// <summary>Whole days that a balance lasts, or null where nothing was spent.</summary>
    /// <param name="left">The balance.</param>
    /// <param name="days">Spending of whole days, quiet ones included.</param>
    public static int? DaysLeft(Tokens left, IReadOnlyList<DaySpend> days)
    {
        var spent = days.Sum(d => d.Charged.Milli);
        if (spent <= 0) return null;
        var lasts = (Int128)Math.Max(0, left.Milli) * days.Count / spent;
        return (int)Int128.Min(lasts, int.MaxValue);
    }
}
