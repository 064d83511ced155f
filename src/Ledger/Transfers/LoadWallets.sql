-- Heads first: what the next statement reads may be newer, and then the head check of Post.sql fails.
select w.wallet_id, w.seq, w.head, w.at,
       coalesce((select max(l.lot) from ledger.lot l where l.wallet_id = w.wallet_id), 0) as last_lot
  from ledger.wallet w
 where w.wallet_id = any ($1);
