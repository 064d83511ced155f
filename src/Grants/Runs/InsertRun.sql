-- A run, before its lines; their sums follow when they are written.
insert into compensation.grant_run (
    run_id, plan_id, plan, period, rehearsal, token_value_nanos, prepared_at, kind, attempt, prepared_by,
    prepared_by_account, prepared_by_person, people, lines, skipped, total_milli, total_usd_nanos)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::uuid, $12::uuid, 0, 0, 0, 0, 0)
