using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Ledger.Audit;

/// <summary>Adds up one wallet's entries again and compares the sums with what is stored beside them.</summary>
internal sealed class WalletCheck(Guid wallet)
{
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<PositionKey, long> _folded = [];
    private ChainEnd _last = new(0, ChainHash.Genesis, DateTime.UnixEpoch);
    private ChainEnd? _head;

    public void AddHead(StoredHead head)
    {
        if (head.StrayLot is { } lot) Report("lot", $"lot={lot}", "no entry opened this lot");
        else _head = head.End;
    }

    public void AddEntry(StoredEntry stored)
    {
        var entry = stored.Entry;
        var opened = TermsOf(entry, stored.Lot);
        var name = $"seq={entry.Seq}";
        if (entry.Seq != _last.Seq + 1)
            Report("entry", name, $"entry {_last.Seq + 1} should come before it and is missing");
        if (entry.At < _last.At) Report("entry", name, "it is dated before the entry it follows");
        if (HashProblem(entry, opened) is { } problem) Report("entry", name, problem);

        _last = new(entry.Seq, entry.Hash, entry.At);
        Fold(entry, entry.From, -entry.AmountMilli);
        Fold(entry, entry.To, entry.AmountMilli);
    }

    // Entries from before sources were noted cannot have theirs in the hash; their key says what they were booked for.
    private string? HashProblem(Entry entry, LotTerms? opened)
    {
        if (entry.SourceId is not null && IsHashOf(entry)) return null;
        if (!IsHashOf(entry with { SourceId = null }))
            return opened is null ? "its hash does not match its content after the entry before it"
                : $"its hash does not match its content and the terms of lot {entry.Lot}";
        return entry.SourceId == EarlierSource.Of(entry.Key) ? null : "its source is not the one that its key names";

        bool IsHashOf(Entry e) => ChainHash.OfEntry(_last.Hash, e, opened).AsSpan().SequenceEqual(e.Hash);
    }

    public void AddPosition(StoredPosition stored)
    {
        _folded.Remove(stored.Key, out var expected);
        if (stored.AmountMilli != expected)
            Report("position", Name(stored.Key),
                $"it holds {stored.AmountMilli} milli-tokens, its entries add up to {expected}");
    }

    public IReadOnlyList<Finding> Finish()
    {
        foreach (var (key, amount) in _folded)
            if (amount != 0)
                Report("position", Name(key), $"it is missing; its entries add up to {amount} milli-tokens");

        if (_head is null) Report("wallet", null, $"it is missing, but has {_last.Seq} entries");
        else if (_head.Value.Seq != _last.Seq)
            Report("wallet", null, $"it counts {_head.Value.Seq} entries, there are {_last.Seq}");
        else if (!_head.Value.Hash.AsSpan().SequenceEqual(_last.Hash))
            Report("wallet", null, "its head is not its last entry's hash");
        else if (_head.Value.At != _last.At) Report("wallet", null, "its time is not its last entry's");
        return _findings;
    }

    private void Fold(Entry entry, AccountKind account, long byMilli)
    {
        if (account == 0) return;
        var key = new PositionKey(
            entry.Asset, account, account == AccountKind.Escrow ? entry.Holder ?? default : default, entry.Lot);
        var amount = _folded[key] = _folded.GetValueOrDefault(key) + byMilli;
        if (amount < 0 && wallet != WalletId.Treasury.Value)
            Report("entry", $"seq={entry.Seq}",
                $"{account} of lot {entry.Lot} falls below zero, to {amount} milli-tokens");
    }

    private LotTerms? TermsOf(Entry entry, StoredLot? opened)
    {
        if (entry.From != 0 || entry.Lot == 0) return null;
        var name = $"lot={entry.Lot}";
        if (opened is null)
        {
            Report("lot", name, $"it is missing, or not of entry {entry.Seq}, which opened it");
            return null;
        }

        if (opened.GrantedMilli != entry.AmountMilli)
            Report("lot", name, $"it was granted {entry.AmountMilli} milli-tokens");
        if (opened.Asset != entry.Asset) Report("lot", name, "its asset is not its grant's");
        if (opened.GrantedAt != entry.At) Report("lot", name, "its time is not its grant's");
        return opened.Terms;
    }

    private static string Name(PositionKey key) =>
        $"asset={(short)key.Asset}, account={(short)key.Account}, holder={key.Holder}, lot={key.Lot}";

    private void Report(string table, string? row, string problem) =>
        _findings.Add(new("ledger." + table, $"wallet_id={wallet}" + (row is null ? "" : ", " + row), problem));
}
