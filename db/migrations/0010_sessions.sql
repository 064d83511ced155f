-- Sessions become rows, which can be listed and ended; the command line gets one through a browser; tokens get scopes,
-- an end and a last use; and programs get accounts of their own (ADR 0048). Only new tables, so that nothing is locked
-- for long. What is new of a token or an account stands beside it, since their rows are digested as they are.

create table host.session (
    session_id   uuid primary key,
    account_id   uuid not null references host.account,
    -- SHA-256 of the secret, which is in the cookie, or with the command line, and nowhere else.
    hash         bytea not null unique check (length(hash) = 32),
    kind         text not null check (kind in ('browser', 'command line')),
    made_at      timestamptz not null,
    -- The last time that a password was given.
    confirmed_at timestamptz not null,
    -- To the minute or so.
    seen_at      timestamptz not null,
    address      text not null check (length(address) <= 100),
    agent        text not null check (length(agent) <= 200),
    -- Where somebody or something ended it; by itself it ends without being written.
    ended_at         timestamptz,
    ended_by         text,
    ended_by_account uuid,
    ended_why        text check (ended_why in ('owner', 'administrator', 'password', 'crowd')),
    check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_why is null))
);

create index session_of on host.session (account_id, made_at);
create index session_old on host.session (made_at);

-- A command line that waits for somebody to say in a browser that it is theirs. Gone once it has its session.
create table host.login_request (
    login_id     uuid primary key,
    hash         bytea not null unique check (length(hash) = 32),
    code         text not null unique,
    address      text not null check (length(address) <= 100),
    -- What it is counted by: the address, or the network that whoever has it has all of.
    asker        text not null check (length(asker) <= 100),
    agent        text not null check (length(agent) <= 200),
    made_at      timestamptz not null,
    ends_at      timestamptz not null,
    asked_at     timestamptz,
    -- Whose it becomes, and the session in which they said so: when that ends first, it becomes nobody's.
    account_id   uuid references host.account,
    session_id   uuid references host.session on delete cascade,
    confirmed_at timestamptz,
    refused      boolean not null default false,
    check ((account_id is null) = (session_id is null) and (account_id is null) = (confirmed_at is null))
);

create index login_request_of on host.login_request (account_id);
create index login_request_in on host.login_request (session_id);

create index login_request_over on host.login_request (ends_at);

-- Of tokens that were made since; one without a row may do all that its owner may, and has no end.
create table host.token_terms (
    token_id uuid primary key references host.token,
    -- Names of permissions; null: all that its owner may do.
    scopes   text[] check (cardinality(scopes) between 1 and 100),
    ends_at  timestamptz,
    -- How it begins, by which its owner knows it.
    shown    text not null check (length(shown) <= 20),
    digest   bytea not null default ''
);

create table host.token_use (
    token_id uuid primary key references host.token,
    used_at  timestamptz not null
);

-- Accounts of programs: they have no password, no role that approves money, and no person.
create table host.service_account (
    account_id uuid primary key references host.account,
    made_by    text not null,
    digest     bytea not null default ''
);

-- Addresses of people change: a program's account does not become somebody's by that.
create function host.keep_service_nobodys() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    if new.person_id is not null
       and exists (select from host.service_account v where v.account_id = new.account_id) then
        new.person_id := null;
    end if;
    return new;
end
$$;

create trigger keep_service_nobodys before update of person_id on host.account
    for each row execute function host.keep_service_nobodys();

select kernel.guard('host.token_terms');
select kernel.guard('host.service_account');
