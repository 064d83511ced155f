-- Audio and pictures where a model prices them apart from text: prices of their own (null: they cost what text costs),
-- and which part of a request's input and output they were.
alter table pricing.price
    add column audio_input_rate  bigint check (audio_input_rate >= 0), -- nano-USD per million, as all rates; no tier
    add column image_input_rate  bigint check (image_input_rate >= 0),
    add column audio_output_rate bigint check (audio_output_rate >= 0),
    add column image_output_rate bigint check (image_output_rate >= 0);
select kernel.redigest('pricing.price');

create or replace view pricing.v_price as
select id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
       output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate,
       tier_cache_write_1h_rate, tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source,
       audio_input_rate, image_input_rate, audio_output_rate, image_output_rate
  from pricing.price;

alter table metering.request
    add column audio_input  bigint not null default 0, -- parts of input
    add column image_input  bigint not null default 0,
    add column audio_output bigint not null default 0, -- parts of output
    add column image_output bigint not null default 0,
    add constraint request_media check (
        audio_input >= 0 and image_input >= 0 and audio_input + image_input <= input
        and audio_output >= 0 and image_output >= 0 and audio_output + image_output <= output);

create or replace view metering.v_request as
select wallet_id, request_id, started_at, ended_at, source, key_id, model, provider, price_id, token_value_nanos,
       input, cached_input, cache_write_5m, cache_write_1h, output, reasoning, cost_nanos, cost_milli, charged_milli,
       held_milli, asked_cap, sent_cap, state, outcome, http_status, first_byte_us, duration_us, settled_by,
       audio_input, image_input, audio_output, image_output
  from metering.request;
