-- Conversions, newest first: one ($1), a person's ($2), that of a person's key ($3), those in a state ($4),
-- those whose lock has ended ($5). Of everybody's those that wait come first, the oldest on top: whatever is cut off,
-- they can be decided.
select c.conversion_id, c.person_id, coalesce(p.email, '') as email, c.key, c.form, c.tax_class, c.asked_milli,
       c.amount_milli, c.units, c.currency, c.unit, c.rate_units, c.rate_milli, c.window_name, c.requested_by,
       c.requested_by_person, c.requested_at, c.lock_until, c.notice_days, c.step, c.state, c.by_name, c.by_person,
       c.at, c.reason, a.number as approved_step, a.by_name as approved_by, a.by_person as approved_by_person,
       a.at as approved_at, l.lots, l.amounts, c.requested_by_account, c.by_account,
       a.by_account as approved_by_account, c.worth_nanos, c.pays_nanos, coalesce(p.name, '') as name
  from compensation.v_conversion c
  left join people.v_person p on p.person_id = c.person_id
  left join compensation.v_conversion_step a on a.conversion_id = c.conversion_id and a.state = 'approved'
 cross join lateral (
    select array_agg(lot order by lot) as lots, array_agg(amount_milli order by lot) as amounts
      from compensation.v_conversion_lot where conversion_id = c.conversion_id) l
 where ($1::uuid is null or c.conversion_id = $1) and ($2::uuid is null or c.person_id = $2)
   and ($3::text is null or c.key = $3) and ($4::text is null or c.state = $4)
   and ($5::timestamptz is null or c.lock_until <= $5)
 order by $2::uuid is null and c.state in ('locked', 'reversal_asked') desc,
       case when $2::uuid is null and c.state in ('locked', 'reversal_asked') then c.at end, c.requested_at desc,
       c.conversion_id
 limit $6
