-- Runs that wait, and reversals that were asked for, the oldest first; with the one person whom a run pays, where it is
-- for one only.
select r.run_id, r.plan, r.period, r.kind, r.lines, r.total_usd_nanos, r.content,
       r.reversal_by is not null as is_reversal, coalesce(r.reversal_by, r.prepared_by) as asked_by,
       case when r.reversal_by is null then r.prepared_by_account else r.reversal_by_account end as asked_by_account,
       case when r.reversal_by is null then r.prepared_by_person else r.reversal_by_person end as asked_by_person,
       coalesce(r.reversal_at, r.prepared_at) as asked_at, o.person_id,
       people.called(o.person_id, p.email) as email
  from compensation.grant_run r
  left join lateral (
    select l.person_id
      from (select person_id from compensation.grant_line where run_id = r.run_id limit 1) l
     where not exists (
        select from compensation.grant_line n where n.run_id = r.run_id and n.person_id <> l.person_id)) o on true
  left join people.v_person p on p.person_id = o.person_id
 where not r.rehearsal and r.reversed_at is null
   and (r.decision is null or r.decision = 'approved' and r.reversal_by is not null)
 order by asked_at, r.run_id
 limit $1
