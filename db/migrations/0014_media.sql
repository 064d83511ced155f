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
       training_rate, audio_input_rate, image_input_rate, audio_output_rate, image_output_rate
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
select r.wallet_id, r.request_id, r.started_at, r.ended_at, r.source, r.key_id, r.model,
       coalesce(c.provider, r.provider) as provider, coalesce(c.price_id, r.price_id) as price_id,
       coalesce(c.token_value_nanos, r.token_value_nanos) as token_value_nanos, coalesce(c.input, r.input) as input,
       coalesce(c.cached_input, r.cached_input) as cached_input,
       coalesce(c.cache_write_5m, r.cache_write_5m) as cache_write_5m,
       coalesce(c.cache_write_1h, r.cache_write_1h) as cache_write_1h, coalesce(c.output, r.output) as output,
       coalesce(c.reasoning, r.reasoning) as reasoning, coalesce(c.cost_nanos, r.cost_nanos) as cost_nanos,
       coalesce(c.cost_milli, r.cost_milli) as cost_milli, coalesce(c.charged_milli, r.charged_milli) as charged_milli,
       r.held_milli, r.asked_cap, r.sent_cap, case when c.version is null then r.state else 5::smallint end as state,
       r.outcome, r.http_status, r.first_byte_us, r.duration_us, r.settled_by, r.charged_milli as booked_milli,
       case when c.version is null then r.audio_input else 0 end as audio_input,
       case when c.version is null then r.image_input else 0 end as image_input,
       case when c.version is null then r.audio_output else 0 end as audio_output,
       case when c.version is null then r.image_output else 0 end as image_output
  from metering.request r
  left join metering.correction c
    on c.wallet_id = r.wallet_id and c.started_at = r.started_at and c.request_id = r.request_id
   and not exists (
    select from metering.correction n
     where n.wallet_id = c.wallet_id and n.started_at = c.started_at and n.request_id = c.request_id
       and n.version > c.version);
