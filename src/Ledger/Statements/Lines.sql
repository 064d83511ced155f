-- Movements across the border of the accounts asked for, a line per day, kind and lot.
select date_trunc('day', e.at at time zone @zone::text) as day, e.kind, e.lot, coalesce(l.source, '') as source,
       sum(case when e.to_account = any (@accounts) then e.amount_milli else -e.amount_milli end)::bigint as amount,
       count(distinct e.transfer_id)::int as transfers
  from ledger.entry e
  left join ledger.lot l on l.wallet_id = e.wallet_id and l.lot = e.lot
 where e.wallet_id = @wallet and e.asset = @asset and e.at >= @from and e.at < @to
   and (e.to_account = any (@accounts)) <> (e.from_account = any (@accounts))
 group by 1, e.kind, e.lot, l.source
 order by 1, min(e.seq);
