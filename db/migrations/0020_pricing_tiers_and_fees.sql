-- A model has rows of its own for each service tier that is priced, and each row says what the provider's own tools
-- cost by the use. Rows so far are of standard service, and price no tool.
alter table pricing.price
    add column service_tier smallint not null default 1, -- 1 standard, 2 flex, 3 priority, 4 batch, 5 fast
    add column web_search_fee       bigint check (web_search_fee >= 0), -- nano-USD a use, as all fees; null: not priced
    add column web_fetch_fee        bigint check (web_fetch_fee >= 0),
    add column code_execution_fee   bigint check (code_execution_fee >= 0),
    add column file_search_fee      bigint check (file_search_fee >= 0),
    add column grounded_prompt_fee  bigint check (grounded_prompt_fee >= 0),
    add column maps_prompt_fee      bigint check (maps_prompt_fee >= 0),
    add column image_generation_fee bigint check (image_generation_fee >= 0),
    add constraint price_service_tier check (service_tier between 1 and 5),
    drop constraint price_model_effective_from_key,
    add constraint price_key unique (model, service_tier, effective_from);
select kernel.redigest('pricing.price');

create or replace view pricing.v_price as
select id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
       output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate,
       tier_cache_write_1h_rate, tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source,
       training_rate, audio_input_rate, image_input_rate, audio_output_rate, image_output_rate,
       service_tier, web_search_fee, web_fetch_fee, code_execution_fee, file_search_fee,
       grounded_prompt_fee, maps_prompt_fee, image_generation_fee
  from pricing.price;
