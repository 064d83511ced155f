using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>Adds up one wallet's entries again and compares the sums with what is stored beside them.</summary>
internal sealed class WalletCheck(Guid wallet)
{
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<PositionKey, long> _folded = [];
    private (long Seq, byte[] Hash, DateTime At) _last = (0, ChainHash.Genesis, DateTime.UnixEpoch);
    private (long Seq, byte[] Hash, DateTime At)? _head;

    public void AddHead(NpgsqlDataReader row)
    {
        if (!row.IsDBNull(4)) Report("lot", $"lot={row.GetInt32(4)}", "no entry opened this lot");
        else _head = (row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetDateTime(3));
    }

    public void AddEntry(NpgsqlDataReader row)
    {
        var entry = Read(row);
        var opened = ReadTerms(row, entry);
        var name = $"seq={entry.Seq}";
        if (entry.Seq != _last.Seq + 1)
            Report("entry", name, $"entry {_last.Seq + 1} should come before it and is missing");
        if (entry.At < _last.At) Report("entry", name, "it is dated before the entry it follows");
        if (HashProblem(entry, opened) is { } problem) Report("entry", name, problem);

        _last = (entry.Seq, entry.Hash, entry.At);
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

    public void AddPosition(NpgsqlDataReader row)
    {
        var key =
            new PositionKey((Asset)row.GetInt16(1), (AccountKind)row.GetInt16(2), row.GetGuid(3), row.GetInt32(4));
        var stored = row.GetInt64(5);
        _folded.Remove(key, out var expected);
        if (stored != expected)
            Report("position", Name(key), $"it holds {stored} milli-tokens, its entries add up to {expected}");
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

    private static Entry Read(NpgsqlDataReader r) => new()
    {
        Wallet = r.GetGuid(0), Seq = r.GetInt64(1), Transfer = r.GetGuid(2), Link = Guid(r, 3),
        Kind = (TransferKind)r.GetInt16(4), Asset = (Asset)r.GetInt16(5), From = (AccountKind)r.GetInt16(6),
        To = (AccountKind)r.GetInt16(7), Other = Guid(r, 8), Holder = Guid(r, 9), Lot = r.GetInt32(10),
        AmountMilli = r.GetInt64(11), Key = r.GetString(12), Content = r.GetFieldValue<byte[]>(13),
        Corrects = Guid(r, 14),
        Evidence = r.IsDBNull(15) ? null : r.GetFieldValue<byte[]>(15), At = r.GetDateTime(16),
        Hash = r.GetFieldValue<byte[]>(17), SourceId = Guid(r, 24),
    };

    private static Guid? Guid(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private LotTerms? ReadTerms(NpgsqlDataReader row, Entry entry)
    {
        if (entry.From != 0 || entry.Lot == 0) return null;
        var name = $"lot={entry.Lot}";
        if (row.IsDBNull(18))
        {
            Report("lot", name, $"it is missing, or not of entry {entry.Seq}, which opened it");
            return null;
        }

        if (row.GetInt64(21) != entry.AmountMilli)
            Report("lot", name, $"it was granted {entry.AmountMilli} milli-tokens");
        if (row.GetInt16(22) != (short)entry.Asset) Report("lot", name, "its asset is not its grant's");
        if (row.GetDateTime(23) != entry.At) Report("lot", name, "its time is not its grant's");
        return new(row.GetString(18), row.GetString(19), row.IsDBNull(20) ? null : row.GetDateTime(20));
    }

    private static string Name(PositionKey key) =>
        $"asset={(short)key.Asset}, account={(short)key.Account}, holder={key.Holder}, lot={key.Lot}";

    private void Report(string table, string? row, string problem) =>
        _findings.Add(new("ledger." + table, $"wallet_id={wallet}" + (row is null ? "" : ", " + row), problem));
}
