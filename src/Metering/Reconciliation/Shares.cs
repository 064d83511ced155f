namespace Guerdon.Metering.Reconciliation;

/// <summary>
/// Divides a whole number in proportion to weights, exactly: each share is rounded down, and what is left over goes,
/// one each, to those with the largest remainders. Equal remainders go by the order of the ids, so that the order in
/// which rows are read does not matter.
/// </summary>
internal static class Shares
{
    /// <param name="total">Not below zero.</param>
    /// <param name="rows">Ids, all different, and weights, not below zero; where all are zero they count alike.</param>
    /// <returns>A share for each row, in their order; they add up to the total. None where there are no rows.</returns>
    public static long[] Of(long total, IReadOnlyList<(Guid Id, long Weight)> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        var sum = rows.Aggregate((Int128)0, (s, r) => s + r.Weight);
        var shares = new long[rows.Count];
        var rests = new (Int128 Over, Guid Id, int Row)[rows.Count];
        var left = total;
        for (var i = 0; i < rows.Count; i++)
        {
            var weight = sum == 0 ? 1 : rows[i].Weight;
            var scaled = (Int128)total * weight;
            var whole = sum == 0 ? rows.Count : sum;
            shares[i] = (long)(scaled / whole);
            rests[i] = (scaled % whole, rows[i].Id, i);
            left -= shares[i];
        }

        Array.Sort(rests, (a, b) => a.Over != b.Over ? b.Over.CompareTo(a.Over) : a.Id.CompareTo(b.Id));
        for (var i = 0; i < left && i < rests.Length; i++) shares[rests[i].Row]++;
        return shares;
    }
}
