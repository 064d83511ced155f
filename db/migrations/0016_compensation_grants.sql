-- Grants of every kind: approved by a second person, posted in chunks, vesting, taken back.
alter table compensation.plan add column applied_by text not null default '';
select kernel.redigest('compensation.plan');

alter table compensation.grant_run
    add column kind        text not null default 'plan' check (kind in ('plan', 'awards')),
    add column attempt     int  not null default 0, -- how many runs of the plan were taken back before; part of keys
    add column prepared_by text not null default '',
    add column decision    text check (decision in ('approved', 'declined')),
    add column decided_by  text,
    add column decided_at  timestamptz,
    add column reversal_reason   text,              -- somebody asks for it to be taken back …
    add column reversal_by       text,
    add column reversal_at       timestamptz,
    add column reversed_by       text,              -- … and somebody else agrees
    add column reversed_at       timestamptz,
    add constraint grant_run_decided check (num_nulls(decision, decided_by, decided_at) in (0, 3)),
    add constraint grant_run_reversal check (num_nulls(reversal_reason, reversal_by, reversal_at) in (0, 3)),
    add constraint grant_run_reversed check (
        num_nulls(reversed_by, reversed_at) in (0, 2) and (reversed_by is null or reversal_by is not null));

-- Lines posted together, all or none. What is in them is fixed when they are prepared.
create table compensation.grant_chunk (
    run_id      uuid        not null references compensation.grant_run,
    chunk       int         not null check (chunk >= 0),
    asset       smallint    not null,
    lines       int         not null check (lines > 0),
    total_milli bigint      not null check (total_milli > 0),
    content     bytea       not null check (length(content) = 32), -- SHA-256 over the evidence of its lines
    posted_at   timestamptz,                                       -- null: not posted yet
    rolled      boolean     not null default false,                -- the plan's rollover cap was kept for it
    returned_milli bigint,                                         -- what a reversal brought back; null: none yet
    digest      bytea       not null default '',
    primary key (run_id, chunk)
);
create index grant_chunk_open on compensation.grant_chunk (run_id) where posted_at is null or not rolled;

drop view compensation.v_grant;
drop index compensation.grant_line_once, compensation.grant_line_unposted, compensation.grant_line_person;

insert into compensation.grant_chunk (run_id, chunk, asset, lines, total_milli, content, posted_at, rolled)
select run_id, chunk, 1, count(*), sum(amount_milli),
       sha256(string_agg(evidence, ''::bytea order by line)), min(posted_at), true
  from compensation.grant_line where not rehearsal
 group by run_id, chunk;
update compensation.grant_run set decision = 'approved', decided_by = '', decided_at = prepared_at where not rehearsal;
select kernel.redigest('compensation.grant_run');

-- A line's SHA-256 is in the ledger's chain and in its chunk, which say more than a digest beside it could; whether it is
-- posted, its chunk says, and the ledger under its key.
drop trigger zzz_guard_row on compensation.grant_line;
drop trigger zzz_guard_all on compensation.grant_line;
-- Nor does each of a million lines ask anew whether its run is there: they are written with it.
alter table compensation.grant_line
    drop constraint grant_line_run_id_fkey,
    drop constraint grant_line_check,
    drop constraint grant_line_kind_check,
    drop column transfer_id, drop column posted_at, drop column digest,
    add column asset     smallint not null default 1,
    add column attempt   int      not null default 0,
    add column vest_from date,                        -- null: it does not vest, but is the person's at once
    add column live      boolean  not null default true; -- false: declined or taken back, and may be granted anew
alter table compensation.grant_line
    add constraint grant_line_kind_check check (kind in (
        'allowance', 'signing_bonus', 'match', 'tier', 'performance', 'package', 'training', 'exception'));

-- Nobody is granted the same twice, whichever run comes first. In the order of people, so that a run can walk along it.
create unique index grant_line_once on compensation.grant_line (plan, term, person_id, kind)
    where not rehearsal and live;
create index grant_line_person on compensation.grant_line (person_id) where not rehearsal;

-- Where a grant that vests stands. What has vested is in the ledger; this says when to look next.
create table compensation.vesting (
    run_id       uuid   not null,
    line         int    not null,
    person_id    uuid   not null,
    vested_milli bigint not null default 0 check (vested_milli >= 0),
    next_on      date,                                -- null: nothing more is to come
    primary key (run_id, line)
);
create index vesting_due on compensation.vesting (next_on) where next_on is not null;
create index vesting_person on compensation.vesting (person_id);

-- What happened that vesting waits for, or that brings it forward; it counts once somebody else approved it.
create table compensation.vesting_fact (
    fact_id      uuid        primary key,
    run_id       uuid        not null,
    line         int         not null,
    kind         text        not null check (kind in ('event', 'acceleration')),
    happened_on  date        not null,
    condition_id text        not null default '' check (condition_id !~ '\s'),
    amount_milli bigint      check (amount_milli > 0), -- null: all that has not vested
    reason       text        not null check (reason <> ''),
    asked_by     text        not null,
    asked_at     timestamptz not null,
    approved_by  text,
    approved_at  timestamptz,
    digest       bytea       not null default '',
    foreign key (run_id, line) references compensation.vesting,
    check (num_nulls(approved_by, approved_at) in (0, 2))
);
create index vesting_fact_grant on compensation.vesting_fact (run_id, line);

-- Somebody asks for a tier with a use case and what it brought; somebody else reviews it.
create table compensation.tier_request (
    request_id  uuid        primary key,
    person_id   uuid        not null,
    plan        text        not null,
    tier        text        not null,
    use_case    text        not null check (use_case <> ''),
    impact      text        not null check (impact <> ''),
    asked_at    timestamptz not null,
    decision    text        check (decision in ('approved', 'declined')),
    decided_by  text,
    decided_at  timestamptz,
    reason      text,
    from_on     date,                                 -- the first day of the first period it counts in
    digest      bytea       not null default '',
    check (num_nulls(decision, decided_by, decided_at, reason) in (0, 4)),
    check ((decision = 'approved') is not distinct from (from_on is not null) or decision is null)
);
create unique index tier_request_once on compensation.tier_request (plan, tier, person_id)
    where decision is distinct from 'declined';

-- A phase of a plan begins when its report has the votes that the plan asks for.
create table compensation.phase_step (
    plan        text        not null,
    phase       text        not null,
    report      text        not null check (report <> ''),
    begins_on   date        not null,
    proposed_by text        not null,
    proposed_at timestamptz not null,
    opened_at   timestamptz,
    digest      bytea       not null default '',
    primary key (plan, phase)
);
create table compensation.phase_vote (
    plan      text        not null,
    phase     text        not null,
    voter     text        not null,
    in_favour boolean     not null,
    reason    text        not null,
    voted_at  timestamptz not null,
    digest    bytea       not null default '',
    primary key (plan, phase, voter),
    foreign key (plan, phase) references compensation.phase_step
);

-- What was taken back from somebody who left early.
create table compensation.clawback (
    run_id      uuid        not null references compensation.grant_run,
    line        int         not null,
    person_id   uuid        not null,
    left_on     date        not null,
    due_milli   bigint      not null check (due_milli > 0),
    taken_milli bigint      not null check (taken_milli between 0 and due_milli),
    explanation text        not null,
    at          timestamptz not null,
    digest      bytea       not null default '',
    primary key (run_id, line)
);

create view compensation.v_grant as
select l.run_id, l.line, r.period, l.plan, l.kind, l.person_id, l.amount_milli, l.usd_nanos, l.pay_cents, l.currency,
       l.rate_nanos, l.token_value_nanos, l.tax_class, l.expires_at, l.source, l.explanation, l.key, l.evidence,
       e.transfer_id, e.at as posted_at, l.asset, l.term, l.vest_from, l.live, e.lot
  from compensation.grant_line l
  join compensation.grant_run r on r.run_id = l.run_id
  left join ledger.v_entry e on e.wallet_id = l.person_id and e.key = l.key and e.from_account = 0
 where not l.rehearsal;

create view compensation.v_grant_run as
select r.run_id, r.plan_id, r.plan, r.period, r.kind, r.rehearsal, r.token_value_nanos, r.people, r.lines, r.skipped,
       r.total_milli, r.total_usd_nanos, r.prepared_at, r.prepared_by, r.decision, r.decided_by, r.decided_at,
       r.reversal_reason, r.reversal_by, r.reversal_at, r.reversed_by, r.reversed_at,
       coalesce(c.posted, 0)::int as posted, c.posted_at, coalesce(c.returned_milli, 0)::bigint as returned_milli
  from compensation.grant_run r
  left join lateral (
    select sum(lines) filter (where posted_at is not null) as posted, max(posted_at) as posted_at,
           sum(returned_milli) as returned_milli
      from compensation.grant_chunk where run_id = r.run_id) c on true;

create view compensation.v_vesting as
select run_id, line, person_id, vested_milli, next_on from compensation.vesting;

create or replace view compensation.v_plan as
select plan_id, name, version, effective_from, yaml, applied_at, applied_by from compensation.plan;

create view compensation.v_tier_request as
select request_id, person_id, plan, tier, use_case, impact, asked_at, decision, decided_by, decided_at, reason, from_on
  from compensation.tier_request;

create view compensation.v_phase as
select s.plan, s.phase, s.report, s.begins_on, s.proposed_by, s.proposed_at, s.opened_at,
       (select count(*) from compensation.phase_vote v where v.plan = s.plan and v.phase = s.phase and v.in_favour)::int
           as votes_for,
       (select count(*) from compensation.phase_vote v
         where v.plan = s.plan and v.phase = s.phase and not v.in_favour)::int as votes_against
  from compensation.phase_step s;

create view compensation.v_clawback as
select run_id, line, person_id, left_on, due_milli, taken_milli, explanation, at from compensation.clawback;

select kernel.guard('compensation.grant_chunk');
select kernel.guard('compensation.vesting_fact');
select kernel.guard('compensation.tier_request');
select kernel.guard('compensation.phase_step');
select kernel.guard('compensation.phase_vote');
select kernel.guard('compensation.clawback');
