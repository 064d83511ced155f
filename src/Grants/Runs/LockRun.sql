-- A run that is to be decided, until the transaction ends; and what its digest is by what is written now.
select r.prepared_by, r.prepared_by_account, r.prepared_by_person, r.decision, r.decided_by, r.decided_by_account,
       r.decided_by_person, r.decided_at, r.reversal_by, r.reversal_by_account, r.reversal_by_person, r.reversed_by,
       r.reversed_by_account, r.reversed_by_person, r.reversed_at, r.content, compensation.run_digest(r.run_id) as now,
       r.kind, r.lines, r.total_milli, r.total_usd_nanos
  from compensation.grant_run r where r.run_id = $1 and not r.rehearsal for update
