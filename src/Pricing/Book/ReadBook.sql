select id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
       output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate,
       tier_cache_write_1h_rate, tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source,
       training_rate, audio_input_rate, image_input_rate, audio_output_rate, image_output_rate,
       service_tier, web_search_fee, web_fetch_fee, code_execution_fee, file_search_fee,
       grounded_prompt_fee, maps_prompt_fee, image_generation_fee
  from pricing.v_price
