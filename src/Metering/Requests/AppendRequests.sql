insert into metering.request (
    wallet_id, request_id, started_at, ended_at, source, holder, key_id, model, provider, price_id, token_value_nanos,
    input, cached_input, cache_write_5m, cache_write_1h, output, reasoning, cost_nanos, cost_milli, charged_milli,
    held_milli, asked_cap, sent_cap, state, outcome, http_status, first_byte_us, duration_us, request_bytes,
    response_bytes, settled_by, digest)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::smallint[], $6::uuid[], $7::uuid[], $8::text[],
    $9::text[], $10::uuid[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[],
    $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[],
    $24::smallint[], $25::smallint[], $26::smallint[], $27::int[], $28::bigint[], $29::int[], $30::bigint[],
    $31::uuid[], $32::bytea[]);
