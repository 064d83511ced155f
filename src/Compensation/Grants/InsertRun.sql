-- A run, before its lines; their sums follow when they are written.
insert into compensation.grant_run (
    run_id, plan_id, plan, period, rehearsal, token_value_nanos, prepared_at, people, lines, skipped, total_milli,
    total_usd_nanos)
values ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0)
