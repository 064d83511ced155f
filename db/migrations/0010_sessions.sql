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
    ended_at     timestamptz
);

create index session_of on host.session (account_id, made_at) where ended_at is null;
create index session_old on host.session (made_at);

-- A command line that waits for somebody to say in a browser that it is theirs. Gone once it has its session.
create table host.login_request (
    login_id     uuid primary key,
    hash         bytea not null unique check (length(hash) = 32),
    code         text not null unique,
    address      text not null check (length(address) <= 100),
    agent        text not null check (length(agent) <= 200),
    made_at      timestamptz not null,
    ends_at      timestamptz not null,
    asked_at     timestamptz,
    account_id   uuid references host.account,
    confirmed_at timestamptz,
    refused      boolean not null default false
);

create index login_request_over on host.login_request (ends_at);

-- Of tokens that were made since; one without a row may do all that its owner may, and has no end.
create table host.token_terms (
    token_id uuid primary key references host.token,
    -- Names of permissions; null: all that its owner may do.
    scopes   text[] check (array_length(scopes, 1) between 1 and 100),
    ends_at  timestamptz,
    -- How it begins, by which its owner knows it.
    shown    text not null check (length(shown) <= 20),
    digest   bytea not null default ''
);

create table host.token_use (
    token_id uuid primary key references host.token,
    used_at  timestamptz not null
);

-- Accounts of programs: they have no password, and no role that approves money.
create table host.service_account (
    account_id uuid primary key references host.account,
    made_by    text not null,
    digest     bytea not null default ''
);

select kernel.guard('host.token_terms');
select kernel.guard('host.service_account');
