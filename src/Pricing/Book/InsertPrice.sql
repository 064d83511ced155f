-- One row of the price book, unless the book has this model from this date already.
insert into pricing.price (
    id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
    output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate, tier_cache_write_1h_rate,
    tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source,
    training_rate, audio_input_rate, image_input_rate, audio_output_rate, image_output_rate)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20, $21, $22, $23, $24)
on conflict (model, effective_from) do nothing
