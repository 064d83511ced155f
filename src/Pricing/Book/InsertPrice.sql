-- One row of the price book, unless the book has this model and tier from this date already.
insert into pricing.price (
    id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
    output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate, tier_cache_write_1h_rate,
    tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source,
    training_rate, audio_input_rate, image_input_rate, audio_output_rate, image_output_rate,
    service_tier, web_search_fee, web_fetch_fee, code_execution_fee, file_search_fee,
    grounded_prompt_fee, maps_prompt_fee, image_generation_fee)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
on conflict (model, service_tier, effective_from) do nothing
