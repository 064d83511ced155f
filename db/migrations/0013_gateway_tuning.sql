-- What training costs, in nano-USD per million trained tokens; null: the model's training is not priced.
alter table pricing.price add column training_rate bigint check (training_rate >= 0);
select kernel.redigest('pricing.price');

create or replace view pricing.v_price as
select id, model, provider, effective_from, input_rate, cached_input_rate, cache_write_5m_rate, cache_write_1h_rate,
       output_rate, tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate,
       tier_cache_write_1h_rate, tier_output_rate, context_tokens, max_output_tokens, per_request_nanos, source,
       training_rate
  from pricing.price;

-- Whose a training file at a provider is. Its bytes bound what training on it can cost.
create table gateway.tuning_file (
    wallet_id  uuid        not null,
    file_id    text        not null, -- the provider's
    provider   text        not null, -- in whose account it lies
    name       text        not null,
    bytes      bigint      not null check (bytes > 0),
    created_at timestamptz not null,
    deleted_at timestamptz,
    digest     bytea       not null default '',
    primary key (wallet_id, file_id)
);
select kernel.guard('gateway.tuning_file');

-- Tuning jobs, each with an escrow of its own whose holder is the job. Written in the commit that draws it, before the
-- provider hears of the job; ended in the commit that settles it.
create table gateway.tuning_job (
    wallet_id         uuid        not null,
    job_id            uuid        not null, -- also the holder in the ledger and the request in the journal
    key_id            uuid        not null,
    provider          text        not null, -- in whose account it runs
    upstream_id       text,                 -- the provider's; null: not known whether it was created
    file_id           text        not null,
    model             text        not null, -- as the caller named it
    price_id          uuid        not null,
    token_value_nanos bigint      not null,
    epochs            int         not null check (epochs > 0),
    bound_tokens      bigint      not null check (bound_tokens > 0), -- the most it can be trained on
    held_milli        bigint      not null check (held_milli >= 0),  -- 0: nothing is charged for it
    seen              text,                 -- the job as the provider last described it, JSON
    created_at        timestamptz not null,
    next_check_at     timestamptz not null,
    checks            int         not null default 0,
    missing_since     timestamptz,          -- since when the provider does not know it
    warning           text,
    ended_at          timestamptz,
    trained_tokens    bigint,
    charged_milli     bigint,
    primary key (wallet_id, job_id),
    check ((ended_at is null) = (charged_milli is null))
) with (fillfactor = 70);
create unique index tuning_job_upstream on gateway.tuning_job (wallet_id, upstream_id);
create index tuning_job_due on gateway.tuning_job (next_check_at) where ended_at is null;
