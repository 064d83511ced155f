insert into metering.correction (
    wallet_id, started_at, request_id, version, reconciliation_id, report_id, provider, price_id, token_value_nanos,
    input, cached_input, cache_write_5m, cache_write_1h, output, reasoning, cost_nanos, cost_milli, charged_milli,
    delta_milli, settled_by, reason, digest)
select *
  from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::int[], $5::uuid[], $6::uuid[], $7::text[], $8::uuid[],
              $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
              $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::uuid[], $21::text[], $22::bytea[]);
