select r.plan, p.version, r.period, r.rehearsal, r.people, r.lines,
       (select count(*) from compensation.grant_line l where l.run_id = r.run_id and l.transfer_id is not null)::int,
       r.skipped, r.total_milli, r.total_usd_nanos, r.prepared_at
  from compensation.grant_run r
  join compensation.plan p on p.plan_id = r.plan_id
 where r.run_id = $1
