-- Movements across the border of the accounts asked for, a line per day, kind and lot.
-- $1 wallet, $2 asset, $3 accounts, $4 first instant, $5 first instant after, $6 time zone
select date_trunc('day', e.at at time zone $6::text) as day, e.kind, e.lot, coalesce(l.source, '') as source,
       sum(case when e.to_account = any ($3) then e.amount_milli else -e.amount_milli end)::bigint as amount,
       count(distinct e.transfer_id)::int as transfers
  from ledger.entry e
  left join ledger.lot l on l.wallet_id = e.wallet_id and l.lot = e.lot
 where e.wallet_id = $1 and e.asset = $2 and e.at >= $4 and e.at < $5
   and (e.to_account = any ($3)) <> (e.from_account = any ($3))
 group by 1, e.kind, e.lot, l.source
 order by 1, min(e.seq);
