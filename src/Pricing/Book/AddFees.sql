-- Fees for a model whose newest row is still the shipped one, from before fees were in the list: the same row again,
-- with them, from now on. Once: then the newest row has fees.
insert into pricing.price (
    id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
    output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate, tier_cache_write_1h_rate,
    tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source,
    training_rate, audio_input_rate, image_input_rate, audio_output_rate, image_output_rate,
    web_search_fee, web_fetch_fee, file_search_fee, code_execution_fee, grounded_prompt_fee)
select $1, model, provider, $3, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
       output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate,
       tier_cache_write_1h_rate, tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, $4,
       training_rate, audio_input_rate, image_input_rate, audio_output_rate, image_output_rate, $5, $6, $7, $8, $9
  from pricing.price p
 where model = $2 and service_tier = 1 and effective_from = $10
   and num_nonnulls(web_search_fee, web_fetch_fee, file_search_fee, code_execution_fee, grounded_prompt_fee) = 0
   and num_nonnulls($5::bigint, $6::bigint, $7::bigint, $8::bigint, $9::bigint) > 0
   and not exists (select from pricing.price n where n.model = $2 and n.service_tier = 1 and n.effective_from > $10)
on conflict (model, service_tier, effective_from) do nothing
