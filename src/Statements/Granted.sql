-- What a person was granted in the periods from $2 to $3.
select period, plan, kind, amount_milli, usd_nanos, tax_class, expires_at, explanation
  from compensation.v_grant
 where person_id = $1 and period between $2 and $3 and transfer_id is not null and live
 order by period, plan, kind, term
