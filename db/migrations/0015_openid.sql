-- Sign-in with a company's OpenID provider (ADR 0054). New tables, one more reason for which a session ends, and a view
-- that counts as an administrator who signs in there: nothing is locked for long.

create schema openid;

-- A row for each time that somebody asked for a provider, or for other settings of one: another agrees, and what was
-- asked for never changes. In force is what was approved and has not ended.
create table openid.provider (
    provider_id        uuid primary key,
    -- In addresses: another provider of the same name is another row.
    name               text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    -- On the button.
    label              text not null check (length(label) between 1 and 60),
    issuer             text not null check (length(issuer) between 1 and 500),
    client_id          text not null check (length(client_id) between 1 and 300),
    -- Encrypted; null: a public client, or it has ended.
    secret             bytea,
    scopes             text[] not null check (cardinality(scopes) between 1 and 20),
    -- What becomes of somebody who has no account, and is not on file.
    strangers          text not null check (strangers in ('refuse', 'admit')),
    -- Where groups are said; null: nowhere.
    group_claim        text check (length(group_claim) between 1 and 200),
    -- Roles by group: [{"group": "finance-team", "roles": ["finance"]}].
    group_roles        jsonb not null check (jsonb_typeof(group_roles) = 'array'),
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
    ended_at           timestamptz,
    ended_by           text,
    ended_by_account   uuid,
    ended_by_person    uuid,
    digest             bytea not null default '',
    check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null)),
    check ((ended_at is null) = (ended_by is null) and (ended_at is null or decision = 'approved'))
);

create unique index provider_waits on openid.provider (name) where decision is null;
create unique index provider_in_force on openid.provider (name) where decision = 'approved' and ended_at is null;
-- So that whom a provider knows is linked once, whichever button is pressed.
create unique index provider_issuer on openid.provider (issuer) where decision = 'approved' and ended_at is null;

-- Whose account somebody has whom a provider knows: for good, since addresses are handed on and subjects are not. By
-- issuer, so that it outlives settings, and never is another provider's of the same name.
create table openid.link (
    link_id     uuid primary key,
    issuer      text not null check (length(issuer) between 1 and 500),
    subject     text not null check (length(subject) between 1 and 255),
    account_id  uuid not null references host.account,
    -- The row of settings that was in force then, and the address by which they were found.
    provider_id uuid not null references openid.provider,
    email       text not null check (length(email) between 1 and 254),
    linked_at   timestamptz not null,
    -- With its account: closed, and opened again for somebody, it is linked anew.
    ended_at    timestamptz,
    ended_by    text,
    digest      bytea not null default '',
    check ((ended_at is null) = (ended_by is null))
);

create unique index link_subject_once on openid.link (issuer, subject) where ended_at is null;
create unique index link_account_once on openid.link (issuer, account_id) where ended_at is null;
create index link_account on openid.link (account_id);

-- What a provider says of a session that began there, so that its logout ends it.
create table openid.session (
    session_id  uuid primary key references host.session on delete cascade,
    provider_id uuid not null references openid.provider,
    issuer      text not null,
    subject     text not null,
    sid         text check (length(sid) between 1 and 255),
    -- Encrypted, for the sign-out there; null: too long, or nothing encrypts it.
    id_token    bytea
);

create index session_sid on openid.session (issuer, sid) where sid is not null;
create index session_subject on openid.session (issuer, subject);

-- Logout tokens, each taken once, until none of the same could be taken any more, and no sign-in is under way that began
-- before it.
create table openid.logout (
    issuer    text not null,
    jti       text not null check (length(jti) between 1 and 255),
    sid       text,
    subject   text,
    -- By the provider's clock, and by ours: a sign-in that is compared with it began by ours, and was signed by theirs.
    issued_at timestamptz not null,
    taken_at  timestamptz not null,
    ends_at   timestamptz not null,
    primary key (issuer, jti)
);

create index logout_over on openid.logout (ends_at);

select kernel.guard('openid.provider', changing =>
    '{secret,decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,decided_reason,ended_at,ended_by,ended_by_account,ended_by_person}');
select kernel.guard('openid.link', changing => '{ended_at,ended_by}');

create function openid.end_links() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    update openid.link set ended_at = greatest(new.closed_at, linked_at), ended_by = new.closed_by
     where account_id = new.account_id and ended_at is null;
    return null;
end
$$;

create trigger end_links after insert on host.account_closed for each row execute function openid.end_links();
create trigger end_once before update on openid.link for each row execute function host.end_once('ended_at');

-- Where roles come from that groups of a provider in force give.
create view openid.v_source as
    select 'openid ' || name as source from openid.provider where decision = 'approved' and ended_at is null;

create trigger end_once before update on openid.provider for each row execute function host.end_once('ended_at');

alter table host.session drop constraint session_ended_why_check,
    add constraint session_ended_why_check
        check (ended_why in ('owner', 'administrator', 'password', 'crowd', 'provider'));

-- Whoever signs in at a provider is somebody, also without a password.
create or replace view host.v_administrator_ever as
    select a.account_id, coalesce(a.person_id, a.account_id) as who, min(r.given_at) as since
      from host.account a
      join host.account_role r on r.account_id = a.account_id and r.role = 'administrator'
     where a.person_id is not null
        or (a.password_hash is not null and a.email <> 'admin@localhost')
        or exists (select from openid.link l where l.account_id = a.account_id)
     group by a.account_id;

create trigger note_second after insert on openid.link
    for each row execute function host.note_second_administrator();
