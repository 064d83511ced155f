-- Of flushes: their transfer, and what is still spent by it and by what corrected it, lot by lot; the lot that lapses
-- last comes first, since it is given back first.
with flush as (
    select distinct x.wallet_id, x.flush, e.transfer_id
      from unnest($1::uuid[], $2::uuid[], $3::text[]) as x (wallet_id, flush, key)
      join ledger.v_entry e on e.wallet_id = x.wallet_id and e.key = x.key
)
select f.wallet_id, f.flush, f.transfer_id, e.lot,
       sum(case when e.kind = ledger.kind_refund() then -e.amount_milli else e.amount_milli end)::bigint as spent_milli
  from flush f
  join ledger.v_entry e
    on e.wallet_id = f.wallet_id and (e.transfer_id = f.transfer_id or e.corrects = f.transfer_id)
  left join ledger.v_grant g on g.wallet_id = e.wallet_id and g.lot = e.lot
 group by f.wallet_id, f.flush, f.transfer_id, e.lot, g.expires_at
 order by f.wallet_id, f.flush, g.expires_at desc nulls first, e.lot desc;
