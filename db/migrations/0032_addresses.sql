-- A person is their id. An e-mail address is what they have at the moment: it changes, and another may have it later.

-- What people are known by elsewhere, beside their address. A number that HR gives finds the person in a file whose
-- address is another; a login at a code host, which its owner can change and hand on, does not.
create table people.identity_kind (
    kind         text        primary key check (kind ~ '^[a-z][a-z0-9_]{0,39}$'),
    finds_person boolean     not null default false,
    declared_by  text        not null check (declared_by <> ''),
    declared_at  timestamptz not null,
    digest       bytea       not null default ''
);

select kernel.guard('people.identity_kind', '{finds_person,declared_by,declared_at}');
insert into people.identity_kind (kind, finds_person, declared_by, declared_at)
values ('github_login', false, 'Stipend', now()), ('provider_user_id', false, 'Stipend', now()),
       ('payroll_id', true, 'Stipend', now());
select kernel.redigest('people.identity_kind');

create view people.v_identity_kind as
select kind, finds_person, declared_by, declared_at from people.identity_kind;

select kernel.guard('host.account', '{email,person_id,password_hash}');

-- Accounts are people's by id. One that was made before its person was on file becomes theirs.
update host.account a set person_id = p.person_id
  from people.person p where p.email = a.email and a.person_id is null;
select kernel.redigest('host.account');

-- An account that has its person's address follows it, in the commit that changes it. Whose account already has the new
-- one is refused, with both named: ST003, a line each of address, tab, owner.
create function host.follow_addresses() returns trigger
    language plpgsql
    set search_path = pg_catalog
as $$
declare
    taken text;
begin
    select string_agg(concat(a.email, e'\t', coalesce(o.name, a.name || ', who is not on file')), e'\n')
      into taken
      from before b
      join after n using (person_id)
      join host.account a on a.email = n.email and a.person_id is distinct from n.person_id
      left join people.person o on o.person_id = a.person_id
     where b.email <> n.email
       and (a.person_id is not null
            or exists (select from host.account own where own.person_id = n.person_id and own.email = b.email));
    if taken is not null then
        raise exception using errcode = 'ST003', message = taken;
    end if;

    update host.account a set email = n.email
      from before b join after n using (person_id)
     where b.email <> n.email and a.person_id = n.person_id and a.email = b.email
       and not exists (select from host.account other where other.email = n.email); -- another of the same person's
    update host.account a set person_id = n.person_id
      from before b join after n using (person_id)
     where b.email <> n.email and a.email = n.email and a.person_id is null;
    return null;
end
$$;

create trigger follow_addresses after update on people.person
    referencing old table as before new table as after
    for each statement execute function host.follow_addresses();

-- The account of somebody who comes on file becomes theirs.
create function host.join_accounts() returns trigger
    language plpgsql
    set search_path = pg_catalog
as $$
declare
    taken text;
begin
    select string_agg(concat(a.email, e'\t', coalesce(o.name, a.name || ', who is not on file')), e'\n')
      into taken
      from after n
      join host.account a on a.email = n.email and a.person_id <> n.person_id
      left join people.person o on o.person_id = a.person_id;
    if taken is not null then
        raise exception using errcode = 'ST003', message = taken;
    end if;

    update host.account a set person_id = n.person_id
      from after n where a.email = n.email and a.person_id is null;
    return null;
end
$$;

create trigger join_accounts after insert on people.person
    referencing new table as after
    for each statement execute function host.join_accounts();
