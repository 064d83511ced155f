-- Facts, the newest first: one ($1), those that wait ($2), those older than another ($3), those of a run ($5).
select f.fact_id, f.run_id, f.line, f.kind, f.happened_on, f.condition_id, f.amount_milli, f.reason,
       f.declined_reason, v.person_id, coalesce(p.email, '') as email, coalesce(p.name, '') as name,
       f.asked_by, f.asked_by_account, f.asked_by_person, f.approved_by, f.approved_by_account, f.approved_by_person,
       f.declined_by, f.declined_by_account, f.declined_by_person,
       coalesce(f.approved_at, f.declined_at) as decided_at, f.approved_alone
  from compensation.vesting_fact f
  join compensation.vesting v on v.run_id = f.run_id and v.line = f.line
  left join people.v_person p on p.person_id = v.person_id
 where ($1::uuid is null or f.fact_id = $1) and (not $2::boolean or f.approved_by is null and f.declined_by is null)
   and ($3::uuid is null or f.fact_id < $3)
   and ($5::uuid is null or f.run_id = $5)
 order by f.fact_id desc
 limit $4
