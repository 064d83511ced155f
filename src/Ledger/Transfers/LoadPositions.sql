select p.wallet_id, p.asset, p.account, p.holder, p.lot, p.amount_milli, l.expires_at
  from ledger.position p
  left join ledger.lot l on l.wallet_id = p.wallet_id and l.lot = p.lot
 where p.wallet_id = any ($1) and p.amount_milli <> 0;
