insert into metering.request_part (
    wallet_id, started_at, request_id, part, kind, name, price_id, tool, uses, doubts,
    input, cached_input, cache_write_5m, cache_write_1h, output, reasoning,
    audio_input, image_input, audio_output, image_output, cost_femto)
select *
  from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::smallint[], $5::smallint[], $6::text[], $7::uuid[],
              $8::smallint[], $9::bigint[], $10::smallint[], $11::bigint[], $12::bigint[], $13::bigint[],
              $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[],
              $20::bigint[], $21::numeric[])
