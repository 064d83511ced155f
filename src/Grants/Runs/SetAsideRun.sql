-- A run of its own for what is set aside of another; its sums follow with its lines.
insert into compensation.grant_run (
    run_id, plan_id, plan, period, rehearsal, token_value_nanos, prepared_at, kind, attempt, prepared_by,
    prepared_by_account, prepared_by_person, people, lines, skipped, total_milli, total_usd_nanos, set_aside_from)
select $2::uuid, plan_id, plan, period, rehearsal, token_value_nanos, $3::timestamptz, kind, attempt, $4::text,
       $5::uuid, $6::uuid, 1, 0, 0, 0, 0, run_id
  from compensation.grant_run where run_id = $1
