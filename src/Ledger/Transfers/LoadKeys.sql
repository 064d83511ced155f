-- Transfers already posted under these keys, as the paying wallet's chain has them.
select e.wallet_id, e.key, e.transfer_id, e.content, sum(e.amount_milli)::bigint as amount_milli
  from unnest($1::uuid[], $2::text[]) as x (wallet_id, key)
  join ledger.entry e on e.wallet_id = x.wallet_id and e.key = x.key
 where e.from_account <> ledger.account_elsewhere()
 group by e.wallet_id, e.key, e.transfer_id, e.content;
