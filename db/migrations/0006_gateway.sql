-- Who may call, and which node holds what.
create schema gateway;

-- A personal key. Only its hash is kept: the key is shown once, when it is made.
create table gateway.key (
    key_id       uuid        primary key,
    wallet_id    uuid        not null,
    name         text        not null,
    hash         bytea       not null unique check (length(hash) = 32), -- SHA-256 of the whole key
    hint         text        not null,                                  -- its last four characters, to tell keys apart
    models       text[],                                                -- null: all
    budget_milli bigint      check (budget_milli > 0),                  -- null: as far as the wallet goes
    expires_at   timestamptz,
    created_at   timestamptz not null,
    revoked_at   timestamptz,
    digest       bytea       not null default ''
);
create index key_wallet on gateway.key (wallet_id);
select kernel.guard('gateway.key');

-- One run of one node. Its lease says that it lives; its escrow goes home when the lease has lapsed.
create table gateway.node (
    holder       uuid        primary key,
    started_at   timestamptz not null,
    lease_until  timestamptz not null,
    oldest_open  timestamptz not null, -- nothing it has in flight began before
    reclaimed_at timestamptz
) with (fillfactor = 50);

create view gateway.v_key as
select key_id, wallet_id, name, hint, models, budget_milli, expires_at, created_at, revoked_at from gateway.key;
