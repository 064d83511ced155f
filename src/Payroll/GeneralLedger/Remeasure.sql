-- How much more, or less, is owed for what people held before $1 at new rates ($6, $7) than at old ones ($4, $5), by
-- tax class ($2) and currency ($3; empty: any). A rate is nano-USD for milli-tokens; null: the lot's own value.
select v.tax_class, coalesce(p.cost_centre, '') as cost_centre,
       sum(div(2 * s.held * n.new_nanos + n.new_milli, 2 * n.new_milli)
         - div(2 * s.held * n.old_nanos + n.old_milli, 2 * n.old_milli))::bigint as change
  from (
    select wallet_id, lot, sum(milli) as held from compensation.v_held_change where at < $1 group by wallet_id, lot) s
  join compensation.v_lot_value v on v.wallet_id = s.wallet_id and v.lot = s.lot
  join unnest($2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[])
       as r (tax_class, currency, old_nanos, old_milli, new_nanos, new_milli)
    on r.tax_class = v.tax_class and r.currency in ('', v.pay_currency)
 cross join lateral (
    select coalesce(r.old_nanos, v.usd_nanos) as old_nanos, coalesce(r.old_milli, v.granted_milli) as old_milli,
           coalesce(r.new_nanos, v.usd_nanos) as new_nanos, coalesce(r.new_milli, v.granted_milli) as new_milli) n
  left join people.person_at(($1 at time zone 'UTC')::date) p on p.person_id = s.wallet_id
 where s.held > 0
 group by 1, 2
 order by 1, 2
