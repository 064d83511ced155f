-- Who did what: a row for each act of a person, a token, a schedule or somebody at the server's machine. Adding a column
-- without a default to kernel.change takes no time; its index is empty and is built by reading that table once (a
-- second for each 10 million lines), during which writers of guarded rows wait.

create table host.act (
    act_id     uuid primary key,
    -- All rows of one request, or of one pass of a schedule.
    request_id uuid not null,
    at         timestamptz not null,
    kind       text not null check (kind in ('write', 'answered', 'refused', 'failed', 'signed_in', 'throttled',
                                             'looked')),
    -- As its account is called; empty: nobody known.
    who        text not null check (length(who) <= 320),
    account_id uuid,
    person_id  uuid,
    means      text not null check (means in ('session', 'token', 'local', 'schedule', 'nobody')),
    means_id   uuid,
    -- The roles that they had then, with spaces between.
    roles      text not null check (length(roles) <= 200),
    address    text not null check (length(address) <= 64),
    endpoint   text not null check (length(endpoint) <= 200),
    permission text not null check (length(permission) <= 64),
    subject    text not null check (length(subject) <= 300),
    -- Whose page was looked at; null where it shows nobody's, or everybody's.
    about_id   uuid,
    -- Of the answer; 0: not known yet when what was done was committed.
    status     int not null,
    -- How often the same happened within a minute.
    times      bigint not null check (times > 0),
    -- Its place in the chain, once it has one.
    seq        bigint unique check (seq > 0),
    hash       bytea check (length(hash) = 32),
    check ((seq is null) = (hash is null))
);

create index act_request on host.act (request_id);
create index act_unchained on host.act (at, act_id) where seq is null;
create index act_at on host.act (at, act_id);
create index act_account on host.act (account_id, at) where account_id is not null;
create index act_about on host.act (about_id, at) where about_id is not null;

-- How far the chain was: a row for each time that rows were chained. Its line in kernel.change is in the day's seal.
create table host.act_head (
    seq        bigint primary key check (seq > 0),
    hash       bytea not null check (length(hash) = 32),
    chained_at timestamptz not null,
    digest     bytea not null default ''
);

select kernel.guard('host.act_head');

-- Which act a line is of: set for the transaction by whoever opened it.
alter table kernel.change add column act_id uuid;
alter table kernel.change alter column act_id
    set default nullif(current_setting('guerdon.act', true), '')::uuid;
create index change_act on kernel.change (act_id) where act_id is not null;

create or replace view kernel.v_change as
select c.seq, c.at, c.table_name, coalesce(k.row_key, c.row_key) as row_key, c.op, coalesce(k.digest, c.digest) as digest,
       c.breaks, c.role, c.program, c.sealed_on, c.act_id
  from kernel.change c
  left join lateral unnest(c.row_keys, c.digests) as k (row_key, digest) on true
 where c.op not in ('batch', 'seal');

-- Writes the row of the act, once, with the first guarded row that its transaction writes: so no caller can forget it,
-- and it is committed with what was done or not at all.
create function host.note_act() returns trigger language plpgsql as $$
declare
    act text := pg_catalog.current_setting('guerdon.act', true);
begin
    if coalesce(act, '') = '' or act = pg_catalog.current_setting('guerdon.act_noted', true) then
        return null;
    end if;
    perform pg_catalog.set_config('guerdon.act_noted', act, true);
    insert into host.act
    select * from pg_catalog.jsonb_populate_record(
        null::host.act, pg_catalog.current_setting('guerdon.act_row')::pg_catalog.jsonb);
    return null;
end
$$;

create trigger note_act after insert on kernel.change for each statement execute function host.note_act();
