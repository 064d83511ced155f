using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Pricing.Costing;

namespace Guerdon.Metering.Reconciliation;

/// <summary>A correction as <c>metering.correction</c> has it.</summary>
internal sealed record CorrectionRow
{
    public required WalletId Wallet { get; init; }
    public required DateTime StartedAt { get; init; }
    public required RequestId Request { get; init; }
    public required int Version { get; init; }
    public required ReconciliationId Reconciliation { get; init; }
    public required ReportId Report { get; init; }
    public required string Provider { get; init; }
    public required Priced Priced { get; init; }
    public required Usage Usage { get; init; }

    /// <summary>What the wallet has paid for the call in all.</summary>
    public required Tokens Charged { get; init; }

    /// <summary>What this correction charges, or gives back (below zero).</summary>
    public required long DeltaMilli { get; init; }

    public Guid? SettledBy { get; init; }
    public required string Reason { get; init; }

    /// <summary>SHA-256 over all of it.</summary>
    public byte[] Digest()
    {
        var numbers = string.Create(CultureInfo.InvariantCulture,
            $"{Wallet.Value} {(StartedAt - DateTime.UnixEpoch).Ticks} {Request.Value} {Version} {Reconciliation.Value} "
            + $"{Report.Value} {Priced.PriceId} {Priced.TokenValueNanos} {Priced.Cost.Money.Nanos} "
            + $"{Priced.Cost.Charge.Milli} {Charged.Milli} {DeltaMilli} {SettledBy} {Usage.Reasoning} ");
        var tokens = string.Join(' ', TokenClasses.All.Select(c => c.Of(Usage).ToString(CultureInfo.InvariantCulture)));
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{numbers}{tokens}\n{Provider.Length} {Provider}\n{Reason}"));
    }

    /// <summary>
    /// Rows of a reconciliation, in the order of their wallets and ids. A wallet is charged further as far as it goes,
    /// the oldest call first.
    /// </summary>
    /// <param name="corrections">What calls are corrected to.</param>
    /// <param name="scope">Of which provider.</param>
    /// <param name="id">The reconciliation.</param>
    /// <param name="available">What wallets have; one that is not in it has nothing.</param>
    public static IReadOnlyList<CorrectionRow> Of(
        IReadOnlyList<Correction> corrections, Scope scope, ReconciliationId id,
        IReadOnlyDictionary<WalletId, Tokens> available)
    {
        var left = new Dictionary<WalletId, Tokens>(available);
        var rows = new List<CorrectionRow>(corrections.Count);
        foreach (var c in corrections.OrderBy(c => c.Call.StartedAt).ThenBy(c => c.Call.Id.Value))
        {
            var delta = c.Due - c.Call.NowCharged;
            if (delta.Milli > 0)
            {
                var there = left.GetValueOrDefault(c.Call.Wallet);
                delta = Tokens.Min(delta, there);
                left[c.Call.Wallet] = there - delta;
            }

            rows.Add(new()
            {
                Wallet = c.Call.Wallet, StartedAt = c.Call.StartedAt, Request = c.Call.Id, Version = c.Call.Version + 1,
                Reconciliation = id, Report = c.Report, Provider = scope.Provider, Priced = c.Priced, Usage = c.Usage,
                Charged = c.Call.NowCharged + delta, DeltaMilli = delta.Milli, SettledBy = c.Call.SettledBy,
                Reason = c.Reason,
            });
        }

        return [.. rows.OrderBy(r => r.Wallet.Value).ThenBy(r => r.Request.Value)];
    }
}
