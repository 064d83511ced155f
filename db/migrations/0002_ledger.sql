-- Double entry in chains. A transfer is recorded as one entry per wallet and lot it touches; entries are never changed.
-- Each wallet's entries are a hash chain of their own, so that a chain needs no lock but its wallet's row.
create schema ledger;

-- The head of a wallet's chain. Every writer moves it from the seq it knew, so that a stale writer writes nothing.
create table ledger.wallet (
    wallet_id uuid        primary key,
    seq       bigint      not null check (seq >= 0),
    head      bytea       not null check (length(head) = 32),
    at        timestamptz not null
) with (fillfactor = 50);

create table ledger.entry (
    wallet_id    uuid        not null,
    seq          bigint      not null check (seq > 0),
    transfer_id  uuid        not null,
    link_id      uuid,                            -- transfers posted all-or-nothing share one
    kind         smallint    not null,
    asset        smallint    not null,
    from_account smallint    not null,            -- 0: the other wallet's
    to_account   smallint    not null,            -- 0: the other wallet's
    other_wallet uuid,
    holder       uuid,                            -- whose escrow
    lot          int         not null,            -- 0: outside lots (treasury and pools)
    amount_milli bigint      not null check (amount_milli > 0),
    key          text        not null,
    content      bytea       not null,            -- digest of what was asked, to tell a repeat from a reused key
    corrects     uuid,
    evidence     bytea,                           -- SHA-256 of the documents it was booked from
    at           timestamptz not null,
    hash         bytea       not null check (length(hash) = 32),
    primary key (wallet_id, seq),
    check (from_account <> 0 or to_account <> 0)
);
-- Keys live beside the transfers they made, for good. A transfer over two lots has two entries of one key.
create unique index entry_key on ledger.entry (wallet_id, key, lot, to_account);

-- Entries are written in time order, so a day's are found by block range; a b-tree would cost each posting.
create index entry_at on ledger.entry using brin (at) with (pages_per_range = 32);

create table ledger.lot (
    wallet_id     uuid        not null,
    lot           int         not null check (lot > 0),
    asset         smallint    not null,
    granted_milli bigint      not null check (granted_milli > 0),
    tax_class     text        not null,
    source        text        not null,
    expires_at    timestamptz,
    transfer_id   uuid        not null,
    granted_at    timestamptz not null,
    primary key (wallet_id, lot)
);

-- What each account of a wallet holds of each lot: a fold of the entries, kept so that posting need not read them.
create table ledger.position (
    wallet_id    uuid     not null,
    asset        smallint not null,
    account      smallint not null,
    holder       uuid     not null default '00000000-0000-0000-0000-000000000000',
    lot          int      not null,
    amount_milli bigint   not null,
    primary key (wallet_id, asset, account, holder, lot),
    check (amount_milli >= 0 or wallet_id = '00000000-0000-7000-8000-000000000001') -- the treasury owes what it issued
) with (fillfactor = 50);

-- To find what a dead holder left. Amounts are not in it, so that changing them stays a HOT update.
create index position_escrow on ledger.position (holder, wallet_id) where account = 2;

-- One row a day over the heads of all chains that moved that day, itself chained to the day before.
create table ledger.seal (
    day       date        primary key,
    wallets   bigint      not null,
    entries   bigint      not null,
    root      bytea       not null check (length(root) = 32),
    sealed_at timestamptz not null
);

-- Aborts a posting whose wallets moved since they were read; the writer reads them again.
create function ledger.expect(moved bigint, wanted bigint) returns void language plpgsql as $$
begin
    if moved <> wanted then
        raise exception 'ledger: % of % wallets were where the writer knew them', moved, wanted using errcode = 'ST001';
    end if;
end $$;

-- Aborts a posting into a day that is sealed, which only a clock set back can cause; the writer books it after the seal.
create function ledger.expect_open(day date) returns void language plpgsql as $$
begin
    if exists (select from ledger.seal s where s.day >= expect_open.day) then
        raise exception 'ledger: % is sealed', day using errcode = 'ST002';
    end if;
end $$;

create view ledger.v_grant as
select wallet_id, lot, asset, granted_milli, tax_class, source, expires_at, granted_at from ledger.lot;

create view ledger.v_lot as
select l.wallet_id, l.lot, l.asset, l.granted_milli, l.tax_class, l.source, l.expires_at, l.granted_at,
       coalesce(sum(p.amount_milli) filter (where p.account = 1), 0)::bigint as available_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 2), 0)::bigint as escrow_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 3), 0)::bigint as spent_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 4), 0)::bigint as expired_milli
  from ledger.lot l
  left join ledger.position p on p.wallet_id = l.wallet_id and p.lot = l.lot and p.asset = l.asset
 group by l.wallet_id, l.lot;

create view ledger.v_balance as
select wallet_id, asset,
       coalesce(sum(amount_milli) filter (where account = 1), 0)::bigint as available_milli,
       coalesce(sum(amount_milli) filter (where account = 2), 0)::bigint as escrow_milli,
       coalesce(sum(amount_milli) filter (where account = 3), 0)::bigint as spent_milli,
       coalesce(sum(amount_milli) filter (where account = 4), 0)::bigint as expired_milli
  from ledger.position
 group by wallet_id, asset;

create view ledger.v_lot_position as
select p.wallet_id, p.asset, p.account, p.holder, p.lot, p.amount_milli, l.expires_at
  from ledger.position p
  left join ledger.lot l on l.wallet_id = p.wallet_id and l.lot = p.lot;

create view ledger.v_escrow as
select wallet_id, holder, asset, sum(amount_milli)::bigint as amount_milli
  from ledger.position
 where account = 2
 group by wallet_id, holder, asset;

create view ledger.v_entry as
select wallet_id, seq, transfer_id, link_id, kind, asset, from_account, to_account, other_wallet, holder, lot,
       amount_milli, key, corrects, evidence, at
  from ledger.entry;
