select r.plan, p.version, r.period, r.rehearsal, r.people, r.lines, r.posted, r.skipped, r.total_milli,
       r.total_usd_nanos,
       r.prepared_at, r.kind, r.prepared_by, r.decision, r.decided_by, r.decided_at, r.reversal_reason, r.reversal_by,
       r.reversed_by, r.reversed_at, r.returned_milli, r.run_id
  from compensation.v_grant_run r
  join compensation.plan p on p.plan_id = r.plan_id
 where r.run_id = $1
