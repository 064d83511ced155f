-- Passkeys (ADR 0057). New tables, and triggers of tables that have few rows: nothing is locked for long.

create schema passkeys;

-- A key of somebody's device or password manager: what it signs opens their account. Only its public half is here.
create table passkeys.passkey (
    passkey_id         uuid primary key,
    account_id         uuid not null references host.account,
    -- By which the device knows it: never two, also not of one that was removed.
    credential_id      bytea not null unique check (length(credential_id) between 1 and 1023),
    -- As COSE writes it.
    public_key         bytea not null check (length(public_key) between 1 and 4000),
    -- For which name of this server it was made; under another it opens nothing.
    domain             text not null check (length(domain) between 1 and 253),
    -- How a browser reaches it: internal, hybrid, usb, nfc, ble.
    transports         text[] not null check (cardinality(transports) <= 10),
    is_backup_eligible boolean not null,
    name               text not null check (length(name) between 1 and 80),
    added_at           timestamptz not null,
    ended_at           timestamptz,
    ended_by           text,
    digest             bytea not null default '',
    check ((ended_at is null) = (ended_by is null))
);

create index passkey_account on passkeys.passkey (account_id) where ended_at is null;

-- What changes with each use. A count that goes back says that there may be two of it.
create table passkeys.passkey_use (
    passkey_id   uuid primary key references passkeys.passkey,
    sign_count   bigint not null check (sign_count between 0 and 4294967295),
    is_backed_up boolean not null,
    used_at      timestamptz
);

-- Challenges that were answered, each taken once, until none of them could be taken any more.
create table passkeys.answered (
    hash    bytea primary key check (length(hash) = 32),
    ends_at timestamptz not null
);

create index answered_over on passkeys.answered (ends_at);

select kernel.guard('passkeys.passkey', changing => '{name,ended_at,ended_by}');

create trigger end_once before update on passkeys.passkey for each row execute function host.end_once('ended_at');

-- With its account: closed, and opened again for somebody, it has none.
create function passkeys.end_with_account() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    update passkeys.passkey set ended_at = greatest(new.closed_at, added_at), ended_by = new.closed_by
     where account_id = new.account_id and ended_at is null;
    return null;
end
$$;

create trigger end_passkeys after insert on host.account_closed
    for each row execute function passkeys.end_with_account();

-- Whoever had a link before, or the account, may have added one: a link that sets the password ends them all, so that
-- who vouches for its user vouches for nobody else.
create function passkeys.end_with_link() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    update passkeys.passkey set ended_at = greatest(new.used_at, added_at), ended_by = 'a link of ' || new.made_by
     where account_id = new.account_id and ended_at is null;
    return null;
end
$$;

-- So does a vouch: whoever used the link may have added one, and a change of the password leaves it.
create function passkeys.end_with_vouch() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    update passkeys.passkey p
       set ended_at = greatest(new.vouched_at, p.added_at), ended_by = 'a vouch of ' || new.vouched_by
      from host.one_time_link l
     where l.link_id = new.link_id and p.account_id = l.account_id and p.ended_at is null;
    return null;
end
$$;

create trigger end_passkeys after insert on host.account_vouch
    for each row execute function passkeys.end_with_vouch();

create trigger end_passkeys after update of used_at on host.one_time_link
    for each row when (old.used_at is null and new.used_at is not null) execute function passkeys.end_with_link();
