-- Plans as they were applied, and every grant they led to with the figures it was computed from.
create schema compensation;

-- A budget. Its wallet in the ledger has its id, and pays grants.
create table compensation.pool (
    pool_id uuid  primary key,
    name    text  not null unique,
    digest  bytea not null default ''
);

-- Versions are never changed. A period is granted by the newest version in effect on its first day.
create table compensation.plan (
    plan_id        uuid        primary key,
    name           text        not null,
    version        int         not null check (version > 0),
    effective_from date        not null,
    yaml           text        not null,
    applied_at     timestamptz not null,
    digest         bytea       not null default '',
    unique (name, version)
);

create table compensation.grant_run (
    run_id            uuid        primary key,
    plan_id           uuid        not null references compensation.plan,
    plan              text        not null,
    period            text        not null check (period ~ '^\d{4}-\d{2}$'),
    rehearsal         boolean     not null,
    token_value_nanos bigint      not null check (token_value_nanos > 0),
    people            int         not null,
    lines             int         not null,
    skipped           int         not null,
    total_milli       bigint      not null,
    total_usd_nanos   bigint      not null,
    prepared_at       timestamptz not null,
    digest            bytea       not null default ''
);
create index grant_run_plan on compensation.grant_run (plan, period);

-- One grant to one person. Written before it is posted, so that a run that is killed can be finished as it began.
create table compensation.grant_line (
    run_id            uuid        not null references compensation.grant_run,
    line              int         not null check (line > 0),
    chunk             int         not null,      -- lines of one chunk are posted together, all or none
    rehearsal         boolean     not null,
    plan              text        not null,
    kind              text        not null check (kind in ('allowance', 'signing_bonus')),
    term              text        not null,      -- the period; `once` for what is granted once
    person_id         uuid        not null,
    key               text        not null,      -- of the transfer
    amount_milli      bigint      not null check (amount_milli > 0),
    usd_nanos         bigint      not null check (usd_nanos > 0),
    pay_cents         bigint      not null,      -- a year's pay it is a share of; 0 for a fixed amount
    currency          text        not null,
    rate_nanos        bigint      not null,      -- nano-USD that one unit of the currency is worth
    token_value_nanos bigint      not null,
    tax_class         text        not null,
    expires_at        timestamptz,
    source            text        not null,
    explanation       text        not null,      -- for the person
    evidence          bytea       not null check (length(evidence) = 32),
    transfer_id       uuid,                      -- null: not posted yet
    posted_at         timestamptz,
    digest            bytea       not null default '',
    primary key (run_id, line),
    check (num_nulls(transfer_id, posted_at) in (0, 2))
);
-- Nobody is granted the same twice, whichever run comes first.
create unique index grant_line_once on compensation.grant_line (plan, kind, term, person_id) where not rehearsal;
create index grant_line_unposted on compensation.grant_line (plan) where not rehearsal and transfer_id is null;
create index grant_line_person on compensation.grant_line (person_id, posted_at) where not rehearsal;

create view compensation.v_pool as
select pool_id, name from compensation.pool;

create view compensation.v_plan as
select plan_id, name, version, effective_from, yaml, applied_at from compensation.plan;

create view compensation.v_grant as
select l.run_id, l.line, r.period, l.plan, l.kind, l.person_id, l.amount_milli, l.usd_nanos, l.pay_cents, l.currency,
       l.rate_nanos, l.token_value_nanos, l.tax_class, l.expires_at, l.source, l.explanation, l.key, l.evidence,
       l.transfer_id, l.posted_at
  from compensation.grant_line l
  join compensation.grant_run r on r.run_id = l.run_id
 where not l.rehearsal;

select kernel.guard('compensation.pool');
select kernel.guard('compensation.plan');
select kernel.guard('compensation.grant_run');
select kernel.guard('compensation.grant_line');
