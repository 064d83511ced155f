-- Giving a role takes two: what was asked for and how it was decided is a row. Accounts can be closed. Who counts as a
-- company's second administrator is somebody else than the first, and not the account that came with the installation.
-- Only new tables, a view, and triggers and a column of tables that have few rows: nothing is locked for long.

create table host.role_request (
    request_id         uuid primary key,
    account_id         uuid not null references host.account,
    role               text not null check (role in (
        'employee', 'manager', 'people', 'finance', 'board', 'auditor', 'platform', 'administrator')),
    reason             text not null check (length(reason) between 1 and 1000),
    asked_by           text not null,
    asked_by_account   uuid,
    asked_by_person    uuid,
    asked_at           timestamptz not null,
    decision           text check (decision in ('approved', 'declined')),
    decided_by         text,
    decided_by_account uuid,
    decided_by_person  uuid,
    decided_at         timestamptz,
    decided_alone      boolean not null default false,
    decided_reason     text check (length(decided_reason) between 1 and 1000),
    digest             bytea not null default '',
    check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null))
);

create unique index role_request_waiting on host.role_request (account_id, role) where decision is null;

select kernel.guard('host.role_request', changing =>
    '{decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,decided_reason}');

-- A row for each time that an account was closed; what nobody opened again is closed now.
create table host.account_closed (
    account_id        uuid not null references host.account,
    closed_at         timestamptz not null,
    closed_by         text not null,
    closed_by_account uuid,
    closed_by_person  uuid,
    opened_at         timestamptz,
    opened_by         text,
    opened_by_account uuid,
    opened_by_person  uuid,
    digest            bytea not null default '',
    primary key (account_id, closed_at),
    check ((opened_at is null) = (opened_by is null))
);

create unique index account_closed_now on host.account_closed (account_id) where opened_at is null;

select kernel.guard('host.account_closed', changing => '{opened_at,opened_by,opened_by_account,opened_by_person}');

-- What a role's row or a closing says of its end is said once. Giving it again, or closing again, is another row.
create function host.end_once() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    if to_jsonb(old) ->> tg_argv[0] is not null
        and to_jsonb(old) - 'digest'::text is distinct from to_jsonb(new) - 'digest'::text then
        raise exception 'a row of %.% that has ended stays as it is', tg_table_schema, tg_table_name
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;

create trigger end_once before update on host.account_role for each row execute function host.end_once('taken_at');
create trigger end_once before update on host.account_closed for each row execute function host.end_once('opened_at');
create trigger end_once before update on host.role_request for each row execute function host.end_once('decision');

-- Accounts that have or had the role of an administrator, and who each is. Whoever set Guerdon up has the account that
-- came with it and one of their own; and what has no password is a program.
create view host.v_administrator_ever as
    select a.account_id, coalesce(a.person_id, a.account_id) as who, min(r.given_at) as since
      from host.account a
      join host.account_role r on r.account_id = a.account_id and r.role = 'administrator'
     where a.person_id is not null
        or (a.password_hash is not null and a.email <> 'admin@localhost')
     group by a.account_id;

-- A row that 0008 wrote of two who are no two people does not count. It stays, as everything that was written does.
alter table host.second_administrator add column counts boolean not null default true;
select kernel.redigest('host.second_administrator');
select kernel.guard('host.second_administrator', changing => '{account_id,since,counts}');
update host.second_administrator set counts = false
 where (select count(distinct who) from host.v_administrator_ever) < 2;

create or replace function host.note_second_administrator() returns trigger language plpgsql
    set search_path to 'pg_catalog' as $$
begin
    -- Of two that are made at the same time one sees the other.
    perform pg_advisory_xact_lock(hashtextextended('host.second_administrator', 0));
    insert into host.second_administrator (account_id, since)
    select s.account_id, s.since
      from host.v_administrator_ever s
     where exists (select from host.v_administrator_ever f where f.who <> s.who and
               (f.since, f.account_id) < (s.since, s.account_id))
     order by s.since, s.account_id
     limit 1
    on conflict (only_row) do update
        set account_id = excluded.account_id, since = excluded.since, counts = true
      where not second_administrator.counts;
    return null;
end
$$;

drop trigger note_second on host.account_role;
create trigger note_second after insert on host.account_role
    for each row when (new.role = 'administrator') execute function host.note_second_administrator();
-- An account may become a person's, or get a password, after it has the role.
create trigger note_second after update of person_id, password_hash on host.account
    for each row execute function host.note_second_administrator();
