-- What payments are computed from is proposed by one and approved by another (ADR 0053). Only a new table, so that
-- nothing is locked for long.

create schema approvals;

-- A proposal to change one input of payments: conversion terms, a plan.
create table approvals.input (
    input_id           uuid primary key,
    kind               text not null check (kind ~ '^[a-z_]{1,40}$'),
    -- Which one of the kind, as a plan's name; empty where there is one alone.
    subject            text not null check (length(subject) <= 200),
    -- The file or the figures as they were given.
    body               text not null check (octet_length(body) <= 33554432),
    -- What it is, in words.
    about              text not null check (length(about) between 1 and 500),
    effective_from     timestamptz not null,
    -- What was in force as it was compared, what would change, and whom it reaches; read again as it is decided.
    basis              text not null check (length(basis) between 1 and 20000),
    changes            jsonb not null check (jsonb_typeof(changes) = 'array'),
    reach              integer not null check (reach >= 0),
    -- Those for whom something changes that changes for fewer than twenty.
    reaches            uuid[] not null,
    -- The few whom it reached as it was proposed, who stay out of it.
    first_reaches      uuid[] not null default '{}',
    -- Whether it is for whoever proposed it, among however many, or takes two in any case: an only administrator never
    -- decides that alone.
    takes_two          boolean not null,
    -- SHA-256 over all that whoever approves has looked at: what an approval names.
    content            bytea not null check (octet_length(content) = 32),
    asked_by           text not null check (length(asked_by) between 1 and 320),
    asked_by_account   uuid,
    asked_by_person    uuid,
    asked_at           timestamptz not null,
    state              text not null
        check (state in ('waiting', 'approved', 'declined', 'withdrawn', 'overtaken')),
    decided_by         text check (length(decided_by) between 1 and 320),
    decided_by_account uuid,
    decided_by_person  uuid,
    decided_at         timestamptz,
    -- By the only administrator, who had proposed it.
    decided_alone      boolean not null,
    reason             text check (length(reason) between 1 and 1000),
    -- What an approval made: conversion terms, version 3.
    made               text check (length(made) between 1 and 200),
    -- The id of that version, by which whatever is computed from it names it; null where a kind has none.
    made_id            uuid,
    digest             bytea not null default '',
    constraint input_decision check (
        (state = 'waiting') = (decided_at is null) and (state = 'waiting') = (decided_by is null)),
    constraint input_made check ((state = 'approved') = (made is not null)),
    constraint input_made_id check (made_id is null or made is not null),
    constraint input_alone check (not decided_alone or state = 'approved'),
    constraint input_own_alone check (not decided_alone or (not takes_two and (
        coalesce(asked_by_account = decided_by_account, false)
        or coalesce(asked_by_person = decided_by_person, false)))),
    constraint input_two check (state <> 'approved' or decided_alone or not (
        coalesce(asked_by_account = decided_by_account, false) or coalesce(asked_by_person = decided_by_person, false)
        or coalesce(decided_by_person = any (reaches || first_reaches), false)))
);

create index input_waiting on approvals.input (kind, subject, asked_at) where state = 'waiting';
create index input_asked on approvals.input ((state = 'waiting'), asked_at, input_id);
create index input_alone on approvals.input (kind, subject, decided_at) where state = 'approved';

create view approvals.v_input as
select input_id, kind, subject, body, about, effective_from, basis, changes, reach, reaches, first_reaches,
       takes_two, content, asked_by, asked_by_account, asked_by_person, asked_at, state, decided_by,
       decided_by_account, decided_by_person, decided_at, decided_alone, reason, made, made_id
  from approvals.input;

-- What was decided alone, and from when to when it was in force; null: it still is. It ends with the first of those
-- decided after it that comes into force; what tokens are worth, with the next instant that has a value of its own.
-- Payroll settings hold from their own first day, for all that was not exported before they were decided.
create view approvals.v_input_alone as
select input_id, kind, subject, made, made_id, case kind
           when 'payroll_settings' then effective_from else greatest(effective_from, decided_at) end as effective_from,
       (select min(case later.kind when 'payroll_settings' then later.effective_from
                   else greatest(later.effective_from, later.decided_at) end) from approvals.input later
         where later.state = 'approved' and later.kind = alone.kind and case alone.kind
               when 'token_value' then later.effective_from > alone.effective_from
               else later.subject = alone.subject
                    and (later.decided_at, later.input_id) > (alone.decided_at, alone.input_id) end)
           as effective_until,
       decided_by, decided_at
  from approvals.input alone where state = 'approved' and decided_alone;

-- Which terms a claim is under, so that a statement can say who decided them.
create or replace view compensation.v_claim as
select c.claim_id, c.person_id, c.vendor, c.service, c.spent_on, c.amount_cents, c.currency, c.purpose, c.receipt,
       r.content_type, r.bytes, c.notice_days, c.filed_at, c.is_approved, c.reason, c.decided_by, c.decided_at,
       c.decided_by_account, c.decided_by_person, c.terms_id
  from compensation.claim c join compensation.receipt r on r.sha256 = c.receipt;

-- What was decided stays as it was decided.
create function approvals.keep_decided() returns trigger language plpgsql as $$
begin
    if old.state <> 'waiting' then
        raise exception 'proposal % is decided', old.input_id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;

create trigger keep_decided before update on approvals.input
    for each row execute function approvals.keep_decided();

select kernel.guard('approvals.input', changing => '{effective_from,basis,changes,reach,reaches,takes_two,content,'
    'state,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,reason,made,made_id}',
    removable => false);
