-- Who may sign in. The schema itself is the migrator's.
create table host.account (
    account_id    uuid        primary key,
    email         text        not null unique check (email = lower(email) and email <> ''),
    name          text        not null check (name <> ''),
    role          text        not null check (role in ('admin', 'employee')),
    person_id     uuid,                             -- whose wallet they see as their own; null: nobody's
    password_hash text,                             -- null: no sign-in by password
    created_at    timestamptz not null,
    digest        bytea       not null default ''
);

-- For programs: the CLI, scripts. Only the hash is kept; a token of 256 random bits needs no slow one.
create table host.token (
    token_id   uuid        primary key,
    account_id uuid        not null references host.account,
    name       text        not null check (name <> ''),
    hash       bytea       not null unique check (length(hash) = 32),
    created_at timestamptz not null,
    revoked_at timestamptz,
    digest     bytea       not null default ''
);
create index token_account on host.token (account_id);

-- Keys that protect cookies and forms, shared by all nodes. They renew themselves, so nothing here lasts for good.
create table host.data_key (
    name       text        primary key,
    xml        text        not null,
    created_at timestamptz not null default now()
);

select kernel.guard('host.account');
select kernel.guard('host.token');
