-- Providers that administrators set. A version is never changed; a provider's highest holds, unless it was removed by it.
create table gateway.provider (
    name       text        not null check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    version    int         not null check (version > 0),
    change     text        not null check (change in ('set', 'rotated', 'retired', 'removed')),
    dialect    text        not null,
    base_url   text        not null,
    serves     text        not null,                    -- '': its own models
    weight     int         not null check (weight >= 0),
    changed_at timestamptz not null,
    changed_by text        not null,
    digest     bytea       not null default '',
    primary key (name, version)
);

-- Their keys, encrypted for this provider alone. What is erased stays on record without the key.
create table gateway.provider_key (
    key_id      uuid        primary key,
    provider    text        not null,
    sealed      bytea,                                  -- null: erased
    hint        text        not null,                   -- its last four characters, to tell keys apart
    fingerprint text        not null,                   -- the first 12 hex digits of its SHA-256
    set_at      timestamptz not null,
    set_by      text        not null,
    retires_at  timestamptz,                            -- null: it is the first; else the second, until then
    erased_at   timestamptz,
    digest      bytea       not null default '',
    check ((sealed is null) = (erased_at is not null))
);
create unique index provider_key_first on gateway.provider_key (provider)
    where sealed is not null and retires_at is null;
create unique index provider_key_second on gateway.provider_key (provider)
    where sealed is not null and retires_at is not null;

select kernel.guard('gateway.provider');
select kernel.guard('gateway.provider_key');

create view gateway.v_provider as
select name, version, change, dialect, base_url, serves, weight, changed_at, changed_by from gateway.provider;

create view gateway.v_provider_key as
select key_id, provider, hint, fingerprint, set_at, set_by, retires_at, erased_at from gateway.provider_key;
