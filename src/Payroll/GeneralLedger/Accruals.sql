-- Vested tokens that can become pay ($2: their classes) and were neither converted nor lapsed before $1, at the rates
-- ($5 nano-USD for $6 milli-tokens) of their class ($3) and currency ($4; empty: any), else at their lots' value.
-- Beside them, what the lots themselves hold now.
select v.tax_class, v.pay_currency, count(*) as lots, count(distinct s.wallet_id) as people,
       sum(s.held)::bigint as units,
       sum(div(2 * s.held * n.nanos + n.milli, 2 * n.milli))::bigint as nanos,
       sum(l.available_milli + l.escrow_milli + l.locked_milli)::bigint as in_lots
  from (
    select wallet_id, lot, sum(milli) as held from compensation.v_held_change where at < $1 group by wallet_id, lot) s
  join compensation.v_lot_value v on v.wallet_id = s.wallet_id and v.lot = s.lot
  join ledger.v_lot l on l.wallet_id = s.wallet_id and l.lot = s.lot
  left join unnest($3::text[], $4::text[], $5::numeric[], $6::numeric[]) as r (tax_class, currency, nanos, milli)
    on r.tax_class = v.tax_class and r.currency in ('', v.pay_currency)
 cross join lateral (
    select coalesce(r.nanos, v.usd_nanos) as nanos, coalesce(r.milli, v.granted_milli)::numeric as milli) n
 where v.tax_class = any ($2)
 group by v.tax_class, v.pay_currency
having sum(s.held) > 0
 order by v.tax_class, v.pay_currency
