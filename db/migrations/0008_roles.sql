-- What accounts may do becomes rows: who was given which role, by whom, when, and whence; and who took it. Whether there
-- ever was a second administrator is on record. Only new tables, and a column that nobody reads any more: nothing is
-- locked for long.

create table host.account_role (
    account_id       uuid not null references host.account,
    role             text not null check (role in (
        'employee', 'manager', 'people', 'finance', 'board', 'auditor', 'platform', 'administrator')),
    -- upgrade, server (the command line on the server's machine), administrator; or whatever gives and takes it by
    -- itself, such as a directory's group. What came from one source is taken by that one alone.
    source           text not null check (length(source) between 1 and 200),
    given_at         timestamptz not null,
    given_by         text not null,
    given_by_account uuid,
    given_by_person  uuid,
    -- Who else agreed, where the role takes two.
    agreed_by         text,
    agreed_by_account uuid,
    agreed_by_person  uuid,
    given_alone      boolean not null default false,
    taken_at         timestamptz,
    taken_by         text,
    taken_by_account uuid,
    taken_by_person  uuid,
    digest           bytea not null default '',
    primary key (account_id, role, source, given_at),
    check (taken_at >= given_at and (taken_at is null) = (taken_by is null))
);

create unique index account_role_held on host.account_role (account_id, role, source) where taken_at is null;

-- A company's only administrator may decide alone, where the setting says so, until there is a second: from then on
-- never again, whoever leaves. So it is a row rather than a count.
create table host.second_administrator (
    only_row   boolean primary key default true check (only_row),
    account_id uuid not null,
    since      timestamptz not null,
    digest     bytea not null default ''
);

create function host.note_second_administrator() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    if new.role = 'administrator' then
        -- Of two that are made at the same time one sees the other.
        perform pg_advisory_xact_lock(hashtextextended('host.second_administrator', 0));
        insert into host.second_administrator (account_id, since)
        select new.account_id, new.given_at
          from host.account a
         where a.account_id = new.account_id
           and exists (
                select from host.account_role r join host.account o using (account_id)
                 where r.role = 'administrator'
                   and coalesce(o.person_id, o.account_id) <> coalesce(a.person_id, a.account_id))
        on conflict do nothing;
    end if;
    return null;
end
$$;

select kernel.guard('host.account_role', changing => '{taken_at,taken_by,taken_by_account,taken_by_person}');
select kernel.guard('host.second_administrator');

-- Whoever ran the programme may do all of it, as before. Own things take the role of an employee.
insert into host.account_role (account_id, role, source, given_at, given_by)
select a.account_id, r.role, 'upgrade', a.created_at, 'Guerdon'
  from host.account a
  join (values ('admin', 'people'), ('admin', 'finance'), ('admin', 'board'), ('admin', 'platform'),
               ('admin', 'administrator'), ('admin', 'employee'), ('employee', 'employee')) as r (was, role)
    on r.was = a.role
 order by a.created_at, a.account_id;

-- Of those who are there: a trigger would run once all are in, and take the first for the second.
insert into host.second_administrator (account_id, since)
select s.account_id, s.created_at
  from host.account s
 where s.role = 'admin' and exists (
        select from host.account f
         where f.role = 'admin' and (f.created_at, f.account_id) < (s.created_at, s.account_id)
           and coalesce(f.person_id, f.account_id) <> coalesce(s.person_id, s.account_id))
 order by s.created_at, s.account_id
 limit 1;

create trigger note_second after insert on host.account_role
    for each row execute function host.note_second_administrator();

alter table host.account alter column role drop not null;
comment on column host.account.role is 'What an account that was made before 0008 could do then; read by nobody.';
