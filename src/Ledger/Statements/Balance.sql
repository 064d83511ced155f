-- $1 wallet, $2 asset, $3 accounts, $4 the first instant after.
select coalesce(sum(
           case when e.to_account = any ($3) then e.amount_milli else 0 end
         - case when e.from_account = any ($3) then e.amount_milli else 0 end), 0)::bigint
  from ledger.entry e
 where e.wallet_id = $1 and e.asset = $2 and e.at < $4;
