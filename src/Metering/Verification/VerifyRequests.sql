with parts as (
    select wallet_id, started_at, request_id, jsonb_agg(to_jsonb(p) order by p.part)::text as parts
      from metering.request_part p
     group by 1, 2, 3
)
select wallet_id, request_id, started_at, ended_at, source, holder, key_id, model, provider, price_id,
       token_value_nanos, input, cached_input, cache_write_5m, cache_write_1h, output, reasoning, cost_nanos,
       cost_milli, charged_milli,
       held_milli, asked_cap, sent_cap, state, outcome, http_status, first_byte_us, duration_us, request_bytes,
       response_bytes, digest, audio_input, image_input, audio_output, image_output, parts
  from metering.request
  left join parts using (wallet_id, started_at, request_id);
