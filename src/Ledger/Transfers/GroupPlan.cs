using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;

namespace Guerdon.Ledger.Transfers;

/// <summary>
/// What a group of units will write: entries, lots and positions, worked out in memory in the order they came. Nothing
/// here waits or fails for reasons outside it. The states it is given are moved to where they stand afterwards.
/// </summary>
/// <param name="states">The wallets of all units, as read.</param>
/// <param name="known">Keys found in the ledger; null where nobody looked yet.</param>
/// <param name="clock">For ids and times.</param>
/// <param name="notBefore">The end of the last sealed day: nothing may be booked before it.</param>
internal sealed class GroupPlan(
    Dictionary<WalletId, WalletState> states, Dictionary<(WalletId, string), Known>? known, TimeProvider clock,
    DateTime notBefore)
{
    private readonly Dictionary<(WalletId, string), (byte[] Content, Posted Posted)> _planned = [];
    private readonly List<(WalletId Wallet, PositionKey Key)> _touched = [];
    private readonly List<(WalletId, string)> _plannedKeys = [];
    private Dictionary<WalletId, WalletState>? _drafts; // of the linked unit being planned, until it is known to post

    public List<Entry> Entries { get; } = [];
    public List<(Entry Entry, LotTerms Terms)> Lots { get; } = [];
    public Dictionary<WalletId, long> Before { get; } = [];
    public List<(Unit Unit, IReadOnlyList<Posted> Results, bool Writes)> Outcomes { get; } = [];

    /// <summary>
    /// True where something was refused, or moved nothing, before keys were looked up and wallets read afresh: a repeat
    /// must get its first answer.
    /// </summary>
    public bool NeedsKeys { get; private set; }

    public WalletState State(WalletId id) => states[id];

    /// <summary>Positions to write, each once, with what they hold at the end.</summary>
    public IEnumerable<(WalletId Wallet, PositionKey Key, long AmountMilli)> Positions() =>
        _touched.Distinct().Select(t => (t.Wallet, t.Key, states[t.Wallet][t.Key]));

    public void Add(Unit unit)
    {
        if (unit.Transfers.Count == 1)
        {
            var posted = Post(unit.Transfers[0], link: null);
            Outcomes.Add((unit, [posted], Writes: posted.Done && !posted.Replayed));
            return;
        }

        AddLinked(unit);
    }

    private void AddLinked(Unit unit)
    {
        var (entries, lots, positions, keys) = (Entries.Count, Lots.Count, _touched.Count, _plannedKeys.Count);
        var link = unit.Transfers.Count == 0 ? Guid.Empty : Id.New<TransferId>(clock).Value;
        _drafts = [];
        var results = new List<Posted>(unit.Transfers.Count);
        foreach (var transfer in unit.Transfers)
        {
            results.Add(Post(transfer, link));
            if (!results[^1].Done) break;
        }

        var replayed = results.Count(r => r.Replayed);
        var refused = results.Count > 0 ? results[^1].Refused : null;
        if (refused is null && replayed is not 0 && replayed != results.Count)
            refused = LedgerRefusals.KeyReused.With(
                "Some of these linked transfers were posted earlier, without the others.");

        if (refused is null)
        {
            foreach (var (id, draft) in _drafts) states[id] = draft;
        }
        else
        {
            Entries.RemoveRange(entries, Entries.Count - entries);
            Lots.RemoveRange(lots, Lots.Count - lots);
            _touched.RemoveRange(positions, _touched.Count - positions);
            foreach (var key in _plannedKeys.Skip(keys)) _planned.Remove(key);
            _plannedKeys.RemoveRange(keys, _plannedKeys.Count - keys);
            results = [.. unit.Transfers.Select((_, i) => Failed(i == results.Count - 1
                ? refused : LedgerRefusals.LinkedRefused.With(refused.ToString())))];
        }

        _drafts = null;
        Outcomes.Add((unit, results, Writes: refused is null && replayed == 0));
    }

    private Posted Post(Transfer t, Guid? link)
    {
        if (PostingRules.CheckForm(t) is { } malformed) return Failed(malformed);

        // Before the rules, since a repeat must get the first answer even where the balance would now refuse it.
        var content = ChainHash.OfContent(t);
        if (Repeat(t, content) is { } repeat) return repeat;

        var payer = Draft(t.Wallet);
        var receiver = t.To is { } to ? Draft(to) : null;
        var at = Latest(clock.GetUtcNow().UtcDateTime, payer.At, receiver?.At ?? default, notBefore);
        if (!PostingRules.Allocate(payer, t, at).Is(out var parts, out var refused))
        {
            NeedsKeys |= known is null;
            return Failed(refused);
        }

        var id = Id.New<TransferId>(clock);
        if (receiver is null) MoveWithin(payer, t, parts, Line);
        else MoveBetween(payer, receiver, t, parts, Line);

        var moved = new Tokens(parts.Sum(p => p.AmountMilli));
        var posted = new Posted(id, moved, payer.AvailableAt(t.Asset, at), Replayed: false, Refused: null);
        // What writes nothing is checked by no statement, so it must not rest on a memory that may be stale.
        if (moved.Milli == 0) NeedsKeys |= known is null;
        if (moved.Milli > 0)
        {
            _planned[(t.Wallet, t.Key)] = (content, posted);
            _plannedKeys.Add((t.Wallet, t.Key));
        }

        return posted;

        Entry Line(WalletState wallet, AccountKind from, AccountKind into, Guid? other, Part part) => new()
        {
            Wallet = wallet.Id.Value, Seq = wallet.Seq + 1, Transfer = id.Value, Link = link, Kind = t.Kind,
            Asset = t.Asset, From = from, To = into, Other = other, Holder = t.Holder?.Value, Lot = part.Lot,
            AmountMilli = part.AmountMilli, Key = t.Key, Content = content, Corrects = t.Corrects?.Value,
            SourceId = t.SourceId, Evidence = t.Evidence, At = at,
        };
    }

    private delegate Entry LineOf(WalletState wallet, AccountKind from, AccountKind into, Guid? other, Part part);

    private void MoveWithin(WalletState wallet, Transfer t, List<Part> parts, LineOf line)
    {
        var route = Route.Of(t.Kind)!.Value;
        foreach (var part in parts)
        {
            Append(wallet, line(wallet, route.From, route.To, null, part), null);
            Change(wallet, Key(route.From, part.Lot), -part.AmountMilli);
            Change(wallet, Key(route.To, part.Lot), part.AmountMilli);
        }

        PositionKey Key(AccountKind account, int lot) =>
            new(t.Asset, account, account == AccountKind.Escrow ? t.Holder!.Value.Value : default, lot);
    }

    private void MoveBetween(WalletState payer, WalletState receiver, Transfer t, List<Part> parts, LineOf line)
    {
        var route = Route.Of(t.Kind)!.Value;
        foreach (var part in parts)
        {
            Append(payer, line(payer, route.From, 0, receiver.Id.Value, part), null);
            Change(payer, new(t.Asset, route.From, default, part.Lot), -part.AmountMilli);
        }

        var sum = parts.Sum(p => p.AmountMilli);
        if (sum == 0) return;

        var lot = t.NewLot is null ? 0 : ++receiver.LastLot;
        if (t.NewLot is { } terms) receiver.SetExpiry(lot, terms.ExpiresAt?.UtcDateTime);
        Append(receiver, line(receiver, 0, route.To, payer.Id.Value, new(lot, sum)), t.NewLot);
        Change(receiver, new(t.Asset, route.To, default, lot), sum);
    }

    private void Append(WalletState wallet, Entry entry, LotTerms? opened)
    {
        Before.TryAdd(wallet.Id, wallet.Seq);
        var hashed = entry with { Hash = ChainHash.OfEntry(wallet.Head, entry, opened) };
        (wallet.Seq, wallet.Head, wallet.At) = (hashed.Seq, hashed.Hash, hashed.At);
        Entries.Add(hashed);
        if (opened is not null) Lots.Add((hashed, opened));
    }

    private void Change(WalletState wallet, PositionKey key, long byMilli)
    {
        wallet.Set(key, checked(wallet[key] + byMilli));
        _touched.Add((wallet.Id, key));
    }

    private Posted? Repeat(Transfer t, byte[] content)
    {
        if (_planned.TryGetValue((t.Wallet, t.Key), out var now))
        {
            return now.Content.AsSpan().SequenceEqual(content) ? now.Posted with { Replayed = true } : Reused();
        }

        if (known is null || !known.TryGetValue((t.Wallet, t.Key), out var earlier)) return null;
        return earlier.Content.AsSpan().SequenceEqual(content)
            ? new(earlier.Id, new(earlier.AmountMilli),
                Draft(t.Wallet).AvailableAt(t.Asset, clock.GetUtcNow().UtcDateTime), Replayed: true, Refused: null)
            : Reused();

        Posted Reused() => Failed(LedgerRefusals.KeyReused.With(
            $"{t.Wallet} already has a transfer with the key {t.Key} and other content."));
    }

    private WalletState Draft(WalletId id)
    {
        if (_drafts is null) return states[id];
        if (!_drafts.TryGetValue(id, out var draft)) _drafts[id] = draft = states[id].Clone();
        return draft;
    }

    private static Posted Failed(Refused refused) => new(default, Tokens.Zero, Tokens.Zero, false, refused);

    // Whole microseconds, because PostgreSQL stores no finer ones and the hash would not match what is read back.
    private static DateTime Latest(params ReadOnlySpan<DateTime> times)
    {
        var latest = DateTime.UnixEpoch;
        foreach (var time in times) latest = time > latest ? time : latest;
        return latest.ToMicros();
    }
}
