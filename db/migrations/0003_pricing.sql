-- What models cost and what a compute token is worth, each from a date on. Rows are never changed: a new price is a new
-- row, so that every cost ever booked can be computed again from the row it names.
create schema pricing;

-- Rates are nano-USD per million tokens of their class.
create table pricing.price (
    id                  uuid        primary key,
    model               text        not null check (model <> ''),
    provider            text        not null check (provider <> ''),
    effective_from      timestamptz not null,
    input_rate          bigint      not null check (input_rate >= 0),
    cached_input_rate   bigint      not null check (cached_input_rate >= 0),
    cache_write_5m_rate bigint      not null check (cache_write_5m_rate >= 0),
    cache_write_1h_rate bigint      not null check (cache_write_1h_rate >= 0),
    output_rate         bigint      not null check (output_rate >= 0),
    tier_over           bigint      check (tier_over > 0),   -- input tokens; above it the whole call is at the tier's rates
    tier_input_rate          bigint check (tier_input_rate >= 0),
    tier_cached_input_rate   bigint check (tier_cached_input_rate >= 0),
    tier_cache_write_5m_rate bigint check (tier_cache_write_5m_rate >= 0),
    tier_cache_write_1h_rate bigint check (tier_cache_write_1h_rate >= 0),
    tier_output_rate         bigint check (tier_output_rate >= 0),
    context_tokens      bigint      not null check (context_tokens > 0),
    max_output_tokens   bigint      not null check (max_output_tokens > 0),
    per_request_nanos   bigint      not null check (per_request_nanos >= 0),
    source              text        not null,
    digest              bytea       not null default '',
    unique (model, effective_from),
    check (num_nulls(tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate,
                     tier_cache_write_1h_rate, tier_output_rate) in (0, 6))
);

-- What one compute token is worth.
create table pricing.token_value (
    effective_from timestamptz primary key,
    nanos          bigint      not null check (nanos > 0),
    source         text        not null,
    digest         bytea       not null default ''
);

create view pricing.v_price as
select id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
       output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate,
       tier_cache_write_1h_rate, tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source
  from pricing.price;

create view pricing.v_token_value as
select effective_from, nanos, source from pricing.token_value;

select kernel.guard('pricing.price');
select kernel.guard('pricing.token_value');
