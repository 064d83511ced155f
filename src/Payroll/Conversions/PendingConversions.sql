-- Conversions that can be approved, and reversals that were asked for, the oldest first.
select w.conversion_id, c.person_id, coalesce(p.email, ''), c.amount_milli, c.form, c.units, c.unit, w.is_reversal,
       w.step, w.by_name, w.by_account, w.by_person, w.at
  from (
    select c.conversion_id, false as is_reversal, 1 as step, c.requested_by as by_name,
           c.requested_by_account as by_account, c.requested_by_person as by_person, c.requested_at as at
      from compensation.conversion c
     where c.lock_until > $2
       and not exists (
        select from compensation.conversion_step s where s.conversion_id = c.conversion_id and s.number > 1)
    union all
    select s.conversion_id, true, s.number, s.by_name, s.by_account, s.by_person, s.at
      from compensation.conversion_step s
     where s.state = 'reversal_asked'
       and not exists (
        select from compensation.conversion_step n where n.conversion_id = s.conversion_id and n.number > s.number)
  ) w
  join compensation.conversion c on c.conversion_id = w.conversion_id
  left join people.v_person p on p.person_id = c.person_id
 order by w.at, w.conversion_id
 limit $1
