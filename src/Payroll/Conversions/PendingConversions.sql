-- Conversions that can be approved, and reversals that were asked for, the oldest first; of one person alone ($3) only
-- what they see a page of: conversions.
select w.conversion_id, c.person_id, people.called(c.person_id, p.email) as email,
       c.amount_milli, c.form, c.units, c.unit, w.is_reversal, w.asked_by, w.asked_by_account, w.asked_by_person, w.at
  from (
    select c.conversion_id, false as is_reversal, c.requested_by as asked_by,
           c.requested_by_account as asked_by_account, c.requested_by_person as asked_by_person, c.requested_at as at
      from compensation.conversion c
     where c.lock_until > $2
       and not exists (
        select from compensation.conversion_step s where s.conversion_id = c.conversion_id and s.number > 1)
    union all
    select s.conversion_id, true, s.by_name, s.by_account, s.by_person, s.at
      from compensation.conversion_step s
     where s.state = 'reversal_asked'
       and not exists (
        select from compensation.conversion_step n where n.conversion_id = s.conversion_id and n.number > s.number)
  ) w
  join compensation.conversion c on c.conversion_id = w.conversion_id
  left join people.v_person p on p.person_id = c.person_id
 where $3::uuid is null or (c.person_id = $3 and not w.is_reversal)
 order by w.at, w.conversion_id
 limit $1
