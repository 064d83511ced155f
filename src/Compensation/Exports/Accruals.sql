-- Vested tokens that can become pay ($2: their classes) and were not converted before $1, at their lots' value; beside
-- them what the lots themselves hold now.
select v.tax_class, v.currency, count(*) as lots, count(distinct s.wallet_id) as people, sum(s.held)::bigint as units,
       sum(div(2 * (s.used + s.held)::numeric * v.usd_nanos + v.granted_milli, 2 * v.granted_milli::numeric)
         - div(2 * s.used::numeric * v.usd_nanos + v.granted_milli, 2 * v.granted_milli::numeric))::bigint as nanos,
       sum(l.available_milli + l.escrow_milli + l.locked_milli)::bigint as in_lots
  from (
    select e.wallet_id, e.lot,
           sum(case when e.to_account in (1, 2, 6) then e.amount_milli else 0 end
             - case when e.from_account in (1, 2, 6) then e.amount_milli else 0 end)::bigint as held,
           sum(case when e.to_account = 7 then e.amount_milli else 0 end
             - case when e.from_account = 7 then e.amount_milli else 0 end)::bigint as used
      from ledger.v_entry e
     where e.lot > 0 and e.at < $1
     group by e.wallet_id, e.lot) s
  join compensation.v_lot_value v on v.wallet_id = s.wallet_id and v.lot = s.lot
  join ledger.v_lot l on l.wallet_id = s.wallet_id and l.lot = s.lot
 where v.tax_class = any ($2)
 group by v.tax_class, v.currency
having sum(s.held) > 0
 order by v.tax_class, v.currency
