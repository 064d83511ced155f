select h.wallet_id, h.seq, e.hash, h.entries
  from (
    select wallet_id, max(seq) as seq, count(*) as entries
      from ledger.entry
     where at >= $1 and at < $2
     group by wallet_id
  ) h
  join ledger.entry e on e.wallet_id = h.wallet_id and e.seq = h.seq
 order by h.wallet_id;
