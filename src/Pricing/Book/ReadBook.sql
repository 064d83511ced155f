select id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
       output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate,
       tier_cache_write_1h_rate, tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source,
       training_rate, audio_input_rate, image_input_rate, audio_output_rate, image_output_rate
  from pricing.v_price
