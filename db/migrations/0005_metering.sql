-- The request journal: a sub-ledger of what was used. Rows are appended, an opening when a request is admitted and a
-- request when it is settled; the ledger has one transfer per wallet and flush, whose evidence is the digest of its rows.
create schema metering;

-- A row for each commit of a node, not for each request: what is opened together is appended together.
create table metering.opening_group (
    holder      uuid          not null, -- in whose escrow they are held
    opened_at   timestamptz   not null, -- not before any of them started
    group_id    uuid          not null, -- given by the node, so that it can be appended again
    wallet_ids  uuid[]        not null,
    request_ids uuid[]        not null,
    started_at  timestamptz[] not null,
    key_ids     uuid[]        not null,
    models      text[]        not null,
    held_milli  bigint[]      not null check (0 <= all (held_milli)),
    primary key (holder, opened_at, group_id),
    check (cardinality(wallet_ids) = all (array[
        cardinality(request_ids), cardinality(started_at), cardinality(key_ids), cardinality(models),
        cardinality(held_milli)]))
) partition by range (opened_at);

create view metering.opening as
select g.holder, g.opened_at, o.*
  from metering.opening_group g,
       unnest(g.wallet_ids, g.request_ids, g.started_at, g.key_ids, g.models, g.held_milli)
           as o (wallet_id, request_id, started_at, key_id, model, held_milli);

create table metering.request (
    wallet_id         uuid        not null,
    request_id        uuid        not null,
    started_at        timestamptz not null,
    ended_at          timestamptz not null,
    source            smallint    not null, -- 1 gateway, 2 import
    holder            uuid,
    key_id            uuid,
    model             text        not null,
    provider          text        not null,
    price_id          uuid,                 -- null: unpriced
    token_value_nanos bigint      not null,
    input             bigint      not null check (input >= 0),
    cached_input      bigint      not null check (cached_input >= 0),
    cache_write_5m    bigint      not null check (cache_write_5m >= 0),
    cache_write_1h    bigint      not null check (cache_write_1h >= 0),
    output            bigint      not null check (output >= 0),
    reasoning         bigint      not null check (reasoning between 0 and output),
    cost_nanos        bigint      not null check (cost_nanos >= 0),
    cost_milli        bigint      not null check (cost_milli >= 0),    -- what it cost in compute tokens
    charged_milli     bigint      not null check (charged_milli between 0 and cost_milli), -- what the wallet could pay
    held_milli        bigint      not null check (held_milli >= 0),
    asked_cap         bigint,               -- output cap of the caller
    sent_cap          bigint,               -- output cap sent upstream where it was lowered
    state             smallint    not null, -- 1 settled, 2 estimated, 3 provisional, 4 unpriced
    outcome           smallint    not null, -- see Stipend.Metering.Outcome
    http_status       smallint    not null,
    first_byte_us     int         not null,
    duration_us       bigint      not null,
    request_bytes     int         not null,
    response_bytes    bigint      not null,
    settled_by        uuid,                 -- the flush whose transfer charged it; null where nothing was charged
    digest            bytea       not null check (length(digest) = 32),
    primary key (wallet_id, started_at, request_id)
) partition by range (started_at);

create table metering.opening_group_default partition of metering.opening_group default;
create table metering.request_default partition of metering.request default;

-- Makes the month's partitions. A month that already has rows in the default partition stays there.
create function metering.ensure_month(month date) returns void language plpgsql as $$
declare
    first date := date_trunc('month', month);
    behind date := first + interval '1 month';
    parent text;
begin
    perform pg_advisory_xact_lock(hashtext('metering.ensure_month'));
    foreach parent in array array['opening_group', 'request'] loop
        if to_regclass(format('metering.%I', parent || to_char(first, '_YYYY_MM'))) is null then
            begin
                execute format('create table metering.%I partition of metering.%I for values from (%L) to (%L)',
                    parent || to_char(first, '_YYYY_MM'), parent, first::text || ' 00:00+00', behind::text || ' 00:00+00');
                if parent = 'opening_group' then -- a hundred openings fit a row, with nothing compressed or set aside
                    execute format('alter table metering.%I set (toast_tuple_target = 8160)',
                        parent || to_char(first, '_YYYY_MM'));
                end if;
            exception when check_violation then
                null; -- the default partition holds rows of that month
            end;
        end if;
    end loop;
end $$;

-- What pages read: sums of the journal, kept in the commit that appends to it.
create table metering.day_total (
    wallet_id     uuid   not null,
    day           date   not null,
    model         text   not null,
    requests      bigint not null,
    input         bigint not null, -- all classes of input
    output        bigint not null,
    cost_nanos    bigint not null,
    charged_milli bigint not null,
    primary key (wallet_id, day, model)
) with (fillfactor = 70);

-- Rows of imported files, by what they say and how often they say it, so that a second import books nothing.
create table metering.imported (
    source     text  not null,
    row_key    bytea not null,
    wallet_id  uuid  not null,
    request_id uuid  not null,
    primary key (source, row_key)
);

create view metering.v_request as
select wallet_id, request_id, started_at, ended_at, source, key_id, model, provider, price_id, token_value_nanos,
       input, cached_input, cache_write_5m, cache_write_1h, output, reasoning, cost_nanos, cost_milli, charged_milli,
       held_milli, asked_cap, sent_cap, state, outcome, http_status, first_byte_us, duration_us, settled_by
  from metering.request;

create view metering.v_day_total as
select wallet_id, day, model, requests, input, output, cost_nanos, charged_milli from metering.day_total;
