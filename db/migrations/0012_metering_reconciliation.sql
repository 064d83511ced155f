-- What providers report of usage and cost, held against the journal; and what follows from it for requests whose figures
-- were estimated. Rows are never changed: a figure that a provider revises is a new version of its bucket, a request that
-- is put right again has another correction.
create table metering.report (
    report_id   uuid        primary key,
    provider    text        not null, -- as requests name it
    kind        text        not null check (kind in ('usage', 'cost')),
    name        text        not null, -- of the file
    own         text[]      not null, -- the keys, projects and workspaces that are Stipend's; empty: all
    imported_by text        not null,
    imported_at timestamptz not null,
    digest      bytea       not null default ''
);

create table metering.report_bucket (
    provider  text        not null,
    kind      text        not null check (kind in ('usage', 'cost')),
    starts_at timestamptz not null,
    ends_at   timestamptz not null check (ends_at > starts_at),
    version   int         not null check (version > 0), -- the highest holds
    report_id uuid        not null references metering.report,
    content   bytea       not null check (length(content) = 32), -- SHA-256 of lines and of the report's own
    lines     jsonb       not null,
    digest    bytea       not null default '',
    primary key (provider, kind, starts_at, ends_at, version)
);

-- What a comparison would correct, as it was shown; applied at most once.
create table metering.reconciliation (
    reconciliation_id uuid        primary key,
    provider          text        not null,
    from_day          date        not null,
    to_day            date        not null, -- included
    content           bytea       not null check (length(content) = 32), -- SHA-256 of the corrections it would make
    corrections       int         not null check (corrections > 0),
    refund_milli      bigint      not null check (refund_milli >= 0),
    charge_milli      bigint      not null check (charge_milli >= 0), -- as far as wallets have it when it is applied
    made_by           text        not null,
    made_at           timestamptz not null,
    digest            bytea       not null default ''
);

create table metering.reconciliation_applied (
    reconciliation_id uuid        primary key references metering.reconciliation,
    applied_by        text        not null,
    applied_at        timestamptz not null,
    digest            bytea       not null default ''
);

-- What a request turned out to have used. The journal's row stays as it was booked.
create table metering.correction (
    wallet_id         uuid        not null,
    started_at        timestamptz not null,
    request_id        uuid        not null,
    version           int         not null check (version > 0), -- the highest holds
    reconciliation_id uuid        not null,
    report_id         uuid        not null, -- the newest of its window
    provider          text        not null,
    price_id          uuid        not null,
    token_value_nanos bigint      not null,
    input             bigint      not null check (input >= 0),
    cached_input      bigint      not null check (cached_input >= 0),
    cache_write_5m    bigint      not null check (cache_write_5m >= 0),
    cache_write_1h    bigint      not null check (cache_write_1h >= 0),
    output            bigint      not null check (output >= 0),
    reasoning         bigint      not null check (reasoning between 0 and output),
    cost_nanos        bigint      not null check (cost_nanos >= 0),
    cost_milli        bigint      not null check (cost_milli >= 0),
    charged_milli     bigint      not null check (charged_milli between 0 and cost_milli), -- in all, since it was booked
    delta_milli       bigint      not null, -- what this one charged, or gave back (below zero)
    settled_by        uuid,                 -- the flush whose transfer it puts right; null: nothing was charged before
    reason            text        not null,
    digest            bytea       not null check (length(digest) = 32),
    primary key (wallet_id, started_at, request_id, version)
);

select kernel.guard('metering.report');
select kernel.guard('metering.report_bucket');
select kernel.guard('metering.reconciliation');
select kernel.guard('metering.reconciliation_applied');

create view metering.v_report_bucket as
select distinct on (b.provider, b.kind, b.starts_at, b.ends_at)
       b.provider, b.kind, b.starts_at, b.ends_at, b.version, b.report_id, b.content, b.lines, r.own, r.imported_at
  from metering.report_bucket b
  join metering.report r using (report_id)
 order by b.provider, b.kind, b.starts_at, b.ends_at, b.version desc;

create view metering.v_correction as
select c.wallet_id, c.started_at, c.request_id, c.version, c.reconciliation_id, c.report_id, c.provider, c.price_id,
       c.token_value_nanos, c.input, c.cached_input, c.cache_write_5m, c.cache_write_1h, c.output, c.reasoning,
       c.cost_nanos, c.cost_milli, c.charged_milli, c.delta_milli, c.settled_by, c.reason
  from metering.correction c;

-- Requests as they are known now: corrected where they were corrected (state 5). booked_milli is what was charged first.
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
       r.outcome, r.http_status, r.first_byte_us, r.duration_us, r.settled_by, r.charged_milli as booked_milli
  from metering.request r
  left join metering.correction c
    on c.wallet_id = r.wallet_id and c.started_at = r.started_at and c.request_id = r.request_id
   and not exists (
    select from metering.correction n
     where n.wallet_id = c.wallet_id and n.started_at = c.started_at and n.request_id = c.request_id
       and n.version > c.version);
