select wallet_id, request_id, started_at, ended_at, source, holder, key_id, model, provider, price_id,
       token_value_nanos, input, cached_input, cache_write_5m, cache_write_1h, output, reasoning, cost_nanos,
       cost_milli, charged_milli,
       held_milli, asked_cap, sent_cap, state, outcome, http_status, first_byte_us, duration_us, request_bytes,
       response_bytes, digest, audio_input, image_input, audio_output, image_output
  from metering.request;
