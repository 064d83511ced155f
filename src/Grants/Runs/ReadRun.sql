select r.plan, p.version, r.period, r.rehearsal, r.people, r.lines, r.posted, r.skipped, r.total_milli,
       r.total_usd_nanos,
       r.prepared_at, r.kind, r.prepared_by, r.decision, r.decided_by, r.decided_at, r.reversal_reason, r.reversal_by,
       r.reversed_by, r.reversed_at, r.returned_milli, r.run_id, r.content, r.decided_alone, r.set_aside_from,
       array(select s.run_id from compensation.grant_run s where s.set_aside_from = r.run_id order by s.run_id)
           as set_aside,
       r.prepared_by_account, r.prepared_by_person, r.reversal_by_account, r.reversal_by_person, r.reversed_alone
  from compensation.v_grant_run r
  join compensation.plan p on p.plan_id = r.plan_id
 where r.run_id = $1
