using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.People;

namespace Guerdon.Grants.Lines;

/// <summary>One grant to one person with everything it was computed from.</summary>
/// <param name="Plan">Name of the plan.</param>
/// <param name="Kind">One of <see cref="GrantKind"/>.</param>
/// <param name="Term">The period, or <c>once</c>: with plan, kind and person it makes the grant unique.</param>
/// <param name="Person">Who gets it.</param>
/// <param name="Amount">What it is worth, and the tokens.</param>
/// <param name="PayCents">A year's pay it is a share of, in hundredths; 0 for a fixed amount.</param>
/// <param name="Currency">Of that pay.</param>
/// <param name="RateNanos">Nano-USD that one unit of the currency is worth.</param>
/// <param name="TokenValueNanos">Nano-USD that one token was taken to be worth.</param>
/// <param name="Terms">Tax class, source and expiry of the lot.</param>
/// <param name="Explanation">The computation in words, for the person.</param>
internal sealed record GrantLine(
    string Plan, string Kind, string Term, PersonId Person, GrantAmount Amount, long PayCents, string Currency,
    long RateNanos, long TokenValueNanos, LotTerms Terms, string Explanation)
{
    /// <summary>Which tokens.</summary>
    public Asset Asset { get; init; } = Asset.Compute;

    /// <summary>The day it begins to vest; null: it is the person's at once.</summary>
    public DateOnly? VestFrom { get; init; }

    /// <summary>The currency of the person's pay, where the amount is stated in another: what can become money becomes
    /// this one. Null: it is <see cref="Currency"/>.</summary>
    public string? PayCurrency { get; init; }

    /// <summary>How many of the plan's runs were reversed before, so that a grant made again has a
    /// key of its own.</summary>
    public int Attempt { get; init; }

    /// <summary>The transfer's idempotency key, the same whichever run posts it.</summary>
    public string Key => $"grant:{Plan}:{Kind}:{Term}:{Person}" + (Attempt == 0 ? "" : $":{Text(Attempt)}");

    /// <summary>SHA-256 of the line. Goes into the ledger's chain, so that the line cannot be changed unseen.</summary>
    public byte[] Evidence()
    {
        var fields = string.Join('\n', Key, Text(Amount.Tokens.Milli), Text(Amount.Money.Nanos), Text(PayCents),
            Currency, Text(RateNanos), Text(TokenValueNanos), Terms.TaxClass, Terms.Source,
            Terms.ExpiresAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "never", Explanation);
        // Left out where they say nothing, so that lines from before there were such fields keep their digest.
        if (Asset != Asset.Compute) fields += $"\nasset {Text((short)Asset)}";
        if (VestFrom is { } from) fields += $"\nvests from {from.ToString("O", CultureInfo.InvariantCulture)}";
        if (PayCurrency is { } paid) fields += $"\npaid in {paid}";
        return SHA256.HashData(Encoding.UTF8.GetBytes(fields));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
