-- Facts that nobody decided, the oldest first, with whose grant each is of.
select f.fact_id, f.run_id, f.kind, f.happened_on, f.condition_id, f.asked_by, f.asked_by_account, f.asked_by_person,
       f.asked_at, v.person_id, people.called(v.person_id, p.email) as email
  from compensation.vesting_fact f
  join compensation.vesting v on v.run_id = f.run_id and v.line = f.line
  left join people.v_person p on p.person_id = v.person_id
 where f.approved_by is null and f.declined_by is null
 order by f.asked_at, f.fact_id
 limit $1
