-- Accounts get their password by a link that works once, so that whoever makes one does not know it (ADR 0055): the
-- links, who vouched for an account since, and one definition of who is somebody that may decide. Only new tables,
-- views, and constraints and triggers of tables that have few rows: nothing is locked for long.

create table host.one_time_link (
    link_id         uuid primary key,
    account_id      uuid not null references host.account,
    -- SHA-256 of the secret, which is in the link and nowhere else.
    hash            bytea not null unique check (length(hash) = 32),
    purpose         text not null check (purpose in ('first', 'open', 'reset')),
    made_by         text not null,
    -- Null: whoever has the server's machine.
    made_by_account uuid references host.account,
    made_by_person  uuid,
    made_at         timestamptz not null,
    ends_at         timestamptz not null,
    used_at         timestamptz,
    -- A newer link took its place, or the account was closed.
    ended_at        timestamptz,
    digest          bytea not null default '',
    check (used_at is null or ended_at is null)
);

create unique index one_time_link_open on host.one_time_link (account_id) where used_at is null and ended_at is null;
create index one_time_link_of on host.one_time_link (account_id);

create index one_time_link_by on host.one_time_link (made_by_account);

-- Somebody who did not make the link says whose the account is, which has its password by it. It is for the links of that
-- account that were used before too, and for none that is used later.
create table host.account_vouch (
    link_id            uuid primary key references host.one_time_link,
    vouched_at         timestamptz not null,
    reason             text not null check (length(reason) between 1 and 1000),
    vouched_by         text not null,
    -- Null: whoever has the server's machine.
    vouched_by_account uuid references host.account,
    vouched_by_person  uuid,
    digest             bytea not null default ''
);

-- Who answers for a program's account: they have its token, and are nobody else than it, for good.
create table host.service_owner (
    account_id uuid primary key references host.service_account,
    owner_id   uuid not null references host.account,
    made_at    timestamptz not null,
    digest     bytea not null default ''
);

select kernel.guard('host.service_owner');
select kernel.guard('host.one_time_link', changing => '{used_at,ended_at}');
select kernel.guard('host.account_vouch');

create trigger end_once_used before update on host.one_time_link for each row
    execute function host.end_once('used_at');
create trigger end_once_ended before update on host.one_time_link for each row
    execute function host.end_once('ended_at');

-- Accounts with which somebody signs in by a provider in force, once for each: it says whose they are, and nobody's link
-- does.
create view openid.v_signs_in as
    select l.account_id
      from openid.link l
      join openid.provider p on p.issuer = l.issuer and p.decision = 'approved' and p.ended_at is null
     where l.ended_at is null;

-- Who made a link by which an account got its password, or may get it: they may have it. A link that nobody used counts
-- until it ends, or for good where nobody signs in otherwise. No row once somebody has vouched.
create view host.v_link_maker as
    select l.link_id, l.account_id, l.made_by, l.made_by_account, l.made_at, l.used_at,
           case when l.used_at is not null or (a.password_hash is null
                    and not exists (select from openid.v_signs_in i where i.account_id = l.account_id))
                then 'infinity' else l.ends_at end as counts_until
      from host.one_time_link l
      join host.account a using (account_id)
     where l.made_by_account is not null
       and l.ended_at is null
       and not exists (
            select from host.account_vouch v
              join host.one_time_link n using (link_id)
             where n.account_id = l.account_id and n.used_at >= l.used_at);

-- Accounts that somebody signs in with, or did, who is somebody else than others: not programs, not what came with the
-- installation, not who neither has a password nor came by a provider. Whoever counts people who decide reads this.
create view host.v_somebody as
    select a.account_id, coalesce(a.person_id, a.account_id) as who, p.left_on, p.access_ended_at,
           a.password_hash is not null
               or exists (select from openid.v_signs_in i where i.account_id = a.account_id) as signs_in,
           exists (
                select from host.account_closed c
                 where c.account_id = a.account_id and c.opened_at is null) as is_closed,
           exists (
                select from host.account_role r
                 where r.account_id = a.account_id and r.role = 'auditor' and r.taken_at is null) as is_auditor
      from host.account a
      left join people.v_person p on p.person_id = a.person_id
     where (a.password_hash is not null or exists (select from openid.link l where l.account_id = a.account_id))
       and a.email <> 'admin@localhost'
       and not exists (select from host.service_account s where s.account_id = a.account_id);

-- Whoever got the role after their last day was no administrator.
create or replace view host.v_administrator_ever as
    select s.account_id, s.who, min(r.given_at) as since
      from host.v_somebody s
      join host.account_role r on r.account_id = s.account_id and r.role = 'administrator'
     where s.left_on is null or s.left_on >= (r.given_at at time zone 'UTC')::date
     group by s.account_id, s.who;

-- That there was a second administrator is never taken back.
create function host.keep_second_administrator() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    if old.counts and to_jsonb(old) - 'digest'::text is distinct from to_jsonb(new) - 'digest'::text then
        raise exception 'a second administrator who counts stays on record' using errcode = 'check_violation';
    end if;
    return new;
end
$$;

create trigger keep_second before update on host.second_administrator
    for each row execute function host.keep_second_administrator();

-- Only where who counts may have changed, since each note waits for whoever else makes an administrator.
drop trigger note_second on host.account;
create trigger note_second after update of person_id, password_hash on host.account
    for each row when (old.person_id is distinct from new.person_id
        or (old.password_hash is null) <> (new.password_hash is null))
    execute function host.note_second_administrator();

-- Whom a manager sees: who works here on that day. Those who left, and those who begin later, are not theirs.
create or replace function people.is_under(manager uuid, person uuid, day date) returns boolean
    language sql stable as $$
    with recursive above as (
        select s.manager_id from people.person_at(day) s where s.person_id = person
         union
        select s.manager_id from above a join people.person_at(day) s on s.person_id = a.manager_id
    )
    select manager <> person and exists (select from above where manager_id = manager)
       and exists (
            select from people.person p
             where p.person_id = person and p.hired_on <= day and (p.left_on is null or p.left_on >= day))
$$;

create or replace function people.under(manager uuid, day date) returns table (person_id uuid)
    language sql stable as $$
    with recursive below as (
        select p.person_id
          from people.person_span s
          join people.person p using (person_id)
         where s.manager_id = manager and s.starts_on <= greatest(day, p.hired_on)
           and not exists (
                select from people.person_span n
                 where n.person_id = s.person_id and n.starts_on > s.starts_on
                   and n.starts_on <= greatest(day, p.hired_on))
         union
        select p.person_id
          from below b
          join people.person_span s on s.manager_id = b.person_id
          join people.person p on p.person_id = s.person_id
         where s.starts_on <= greatest(day, p.hired_on)
           and not exists (
                select from people.person_span n
                 where n.person_id = s.person_id and n.starts_on > s.starts_on
                   and n.starts_on <= greatest(day, p.hired_on))
    )
    select p.person_id from below b join people.person p using (person_id)
     where p.hired_on <= day and (p.left_on is null or p.left_on >= day)
$$;

-- What the program holds to, the database holds the program to.
alter table host.role_request
    add constraint role_request_by_another check (
        decision is distinct from 'approved' or decided_alone or asked_by_account is null
        or decided_by_account is distinct from asked_by_account),
    add constraint role_request_not_own check (
        decision is distinct from 'approved' or decided_by_account is distinct from account_id);
alter table host.account_role
    add constraint account_role_by_two check (source <> 'administrator' or agreed_by is not null);
