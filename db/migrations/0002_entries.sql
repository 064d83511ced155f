-- Codes get names in SQL, what an entry was booked for becomes a column, and ledger.entry is partitioned by hash of the
-- wallet. Every entry is written anew, some 100,000 a second, and nobody else may post meanwhile: stop all nodes first.
-- Why: docs/adr/0043-entries-by-wallet.md, docs/adr/0044-names-for-codes.md.

-- Codes. The planner puts the number in a function's place, so that indexes are used as if it stood there; it must be
-- parallel safe, or no query that names it would run in parallel. A number is never given twice.

create function ledger.kind_fund() returns int2 language sql immutable parallel safe as 'select 1::int2';
create function ledger.kind_grant() returns int2 language sql immutable parallel safe as 'select 2::int2';
create function ledger.kind_draw() returns int2 language sql immutable parallel safe as 'select 3::int2';
create function ledger.kind_settle() returns int2 language sql immutable parallel safe as 'select 4::int2';
create function ledger.kind_return() returns int2 language sql immutable parallel safe as 'select 5::int2';
create function ledger.kind_spend() returns int2 language sql immutable parallel safe as 'select 6::int2';
create function ledger.kind_expire() returns int2 language sql immutable parallel safe as 'select 7::int2';
create function ledger.kind_refund() returns int2 language sql immutable parallel safe as 'select 8::int2';
create function ledger.kind_revoke() returns int2 language sql immutable parallel safe as 'select 9::int2';
create function ledger.kind_award() returns int2 language sql immutable parallel safe as 'select 10::int2';
create function ledger.kind_vest() returns int2 language sql immutable parallel safe as 'select 11::int2';
create function ledger.kind_forfeit() returns int2 language sql immutable parallel safe as 'select 12::int2';
create function ledger.kind_lock() returns int2 language sql immutable parallel safe as 'select 13::int2';
create function ledger.kind_unlock() returns int2 language sql immutable parallel safe as 'select 14::int2';
create function ledger.kind_convert() returns int2 language sql immutable parallel safe as 'select 15::int2';
create function ledger.kind_reconvert() returns int2 language sql immutable parallel safe as 'select 16::int2';
create function ledger.kind_lapse() returns int2 language sql immutable parallel safe as 'select 17::int2';

create function ledger.account_elsewhere() returns int2 language sql immutable parallel safe as 'select 0::int2';
create function ledger.account_available() returns int2 language sql immutable parallel safe as 'select 1::int2';
create function ledger.account_escrow() returns int2 language sql immutable parallel safe as 'select 2::int2';
create function ledger.account_spent() returns int2 language sql immutable parallel safe as 'select 3::int2';
create function ledger.account_expired() returns int2 language sql immutable parallel safe as 'select 4::int2';
create function ledger.account_unvested() returns int2 language sql immutable parallel safe as 'select 5::int2';
create function ledger.account_locked() returns int2 language sql immutable parallel safe as 'select 6::int2';
create function ledger.account_converted() returns int2 language sql immutable parallel safe as 'select 7::int2';

create function ledger.asset_compute() returns int2 language sql immutable parallel safe as 'select 1::int2';
create function ledger.asset_reward() returns int2 language sql immutable parallel safe as 'select 2::int2';

create function metering.source_gateway() returns int2 language sql immutable parallel safe as 'select 1::int2';
create function metering.source_import() returns int2 language sql immutable parallel safe as 'select 2::int2';
create function metering.source_tuning() returns int2 language sql immutable parallel safe as 'select 3::int2';

create function metering.state_settled() returns int2 language sql immutable parallel safe as 'select 1::int2';
create function metering.state_estimated() returns int2 language sql immutable parallel safe as 'select 2::int2';
create function metering.state_provisional() returns int2 language sql immutable parallel safe as 'select 3::int2';
create function metering.state_unpriced() returns int2 language sql immutable parallel safe as 'select 4::int2';
create function metering.state_corrected() returns int2 language sql immutable parallel safe as 'select 5::int2';

create function metering.outcome_answered() returns int2 language sql immutable parallel safe as 'select 1::int2';
create function metering.outcome_provider_error() returns int2 language sql immutable parallel safe as 'select 2::int2';
create function metering.outcome_cut() returns int2 language sql immutable parallel safe as 'select 3::int2';
create function metering.outcome_hung_up() returns int2 language sql immutable parallel safe as 'select 4::int2';
create function metering.outcome_unreachable() returns int2 language sql immutable parallel safe as 'select 5::int2';
create function metering.outcome_lost() returns int2 language sql immutable parallel safe as 'select 6::int2';
create function metering.outcome_withdrawn() returns int2 language sql immutable parallel safe as 'select 7::int2';

create function metering.part_tokens() returns int2 language sql immutable parallel safe as 'select 1::int2';
create function metering.part_uses() returns int2 language sql immutable parallel safe as 'select 2::int2';
create function metering.part_unknown() returns int2 language sql immutable parallel safe as 'select 3::int2';

create function ledger.accounts_own() returns int2[] language sql immutable parallel safe
    as 'select array[ledger.account_available(), ledger.account_escrow(), ledger.account_locked()]';
create function ledger.accounts_used() returns int2[] language sql immutable parallel safe
    as 'select array[ledger.account_spent(), ledger.account_converted()]';

comment on function ledger.account_elsewhere() is 'The account is one of the other wallet.';
comment on function ledger.accounts_own() is 'What is the owner''s: free, in escrow, or set aside to convert.';
comment on function ledger.accounts_used() is 'What the owner has had the use of: spent or converted.';

-- Entries. source_id is the id of what an entry was booked for: a flush of requests, a reconciliation, a conversion, a
-- run, a tuning job. Earlier entries get it from their keys; nothing after this takes a key apart. Their hashes do not
-- cover it, so verify holds it against the key, which the hash covers.
alter table ledger.entry rename to entry_before;
alter index ledger.entry_pkey rename to entry_before_pkey;
drop index ledger.entry_at, ledger.entry_key;

create table ledger.entry (
    wallet_id    uuid        not null,
    seq          bigint      not null,
    transfer_id  uuid        not null,
    link_id      uuid,
    kind         smallint    not null,
    asset        smallint    not null,
    from_account smallint    not null,
    to_account   smallint    not null,
    other_wallet uuid,
    holder       uuid,
    lot          integer     not null,
    amount_milli bigint      not null,
    key          text        not null,
    content      bytea       not null,
    corrects     uuid,
    source_id    uuid,
    evidence     bytea,
    at           timestamptz not null,
    hash         bytea       not null,
    constraint entry_amount_milli_check check (amount_milli > 0),
    constraint entry_check
        check (from_account <> ledger.account_elsewhere() or to_account <> ledger.account_elsewhere()),
    constraint entry_hash_check check (length(hash) = 32),
    constraint entry_seq_check check (seq > 0)
) partition by hash (wallet_id);

do $$
begin
    for i in 0..15 loop
        execute format('create table ledger.%I partition of ledger.entry for values with (modulus 16, remainder %s)',
            'entry_' || to_char(i, 'FM00'), i);
    end loop;
end
$$;

insert into ledger.entry (
    wallet_id, seq, transfer_id, link_id, kind, asset, from_account, to_account, other_wallet, holder, lot,
    amount_milli, key, content, corrects, source_id, evidence, at, hash)
select wallet_id, seq, transfer_id, link_id, kind, asset, from_account, to_account, other_wallet, holder, lot,
       amount_milli, key, content, corrects,
       substring(key from '^(?:(?:flush|tune|tune-more|correction):|(?:lock|unlock|convert|reconvert):cnv_'
                       || '|(?:fund|lapse):run_)([0-9a-f]{32})(?::|$)')::uuid,
       evidence, at, hash
  from ledger.entry_before
 order by wallet_id, seq;

alter table ledger.entry add constraint entry_pkey primary key (wallet_id, seq);
create unique index entry_key on ledger.entry (wallet_id, key, lot, to_account);
create index entry_at on ledger.entry using brin (at) with (pages_per_range = 32);

create or replace view ledger.v_entry as
select wallet_id, seq, transfer_id, link_id, kind, asset, from_account, to_account, other_wallet, holder, lot,
       amount_milli, key, corrects, evidence, at, source_id
  from ledger.entry;

drop table ledger.entry_before;

-- The views that had numbers.
create or replace view ledger.v_balance as
select wallet_id, asset,
       coalesce(sum(amount_milli) filter (where account = ledger.account_available()), 0)::bigint
           as available_milli,
       coalesce(sum(amount_milli) filter (where account = ledger.account_escrow()), 0)::bigint
           as escrow_milli,
       coalesce(sum(amount_milli) filter (where account = ledger.account_spent()), 0)::bigint
           as spent_milli,
       coalesce(sum(amount_milli) filter (where account = ledger.account_expired()), 0)::bigint
           as expired_milli,
       coalesce(sum(amount_milli) filter (where account = ledger.account_unvested()), 0)::bigint
           as unvested_milli,
       coalesce(sum(amount_milli) filter (where account = ledger.account_locked()), 0)::bigint
           as locked_milli,
       coalesce(sum(amount_milli) filter (where account = ledger.account_converted()), 0)::bigint
           as converted_milli
  from ledger.position
 group by wallet_id, asset;

create or replace view ledger.v_escrow as
select wallet_id, holder, asset, sum(amount_milli)::bigint as amount_milli
  from ledger.position
 where account = ledger.account_escrow()
 group by wallet_id, holder, asset;

create or replace view ledger.v_lot as
select l.wallet_id, l.lot, l.asset, l.granted_milli, l.tax_class, l.source, l.expires_at, l.granted_at,
       coalesce(sum(p.amount_milli) filter (where p.account = ledger.account_available()), 0)::bigint
           as available_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = ledger.account_escrow()), 0)::bigint
           as escrow_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = ledger.account_spent()), 0)::bigint
           as spent_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = ledger.account_expired()), 0)::bigint
           as expired_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = ledger.account_unvested()), 0)::bigint
           as unvested_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = ledger.account_locked()), 0)::bigint
           as locked_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = ledger.account_converted()), 0)::bigint
           as converted_milli,
       l.transfer_id
  from ledger.lot l
  left join ledger.position p on p.wallet_id = l.wallet_id and p.lot = l.lot and p.asset = l.asset
 group by l.wallet_id, l.lot;

create or replace view compensation.v_held_change as
select wallet_id, lot, seq, at,
       case when to_account = any (ledger.accounts_own()) then amount_milli else 0 end
     - case when from_account = any (ledger.accounts_own()) then amount_milli else 0 end as milli
  from ledger.v_entry
 where lot > 0;

create or replace view compensation.v_grant as
select l.run_id, l.line, r.period, l.plan, l.kind, l.person_id, l.amount_milli, l.usd_nanos, l.pay_cents, l.currency,
       l.rate_nanos, l.token_value_nanos, l.tax_class, l.expires_at, l.source, l.explanation, l.key, l.evidence,
       e.transfer_id, e.at as posted_at, l.asset, l.term, l.vest_from, l.live, e.lot,
       coalesce(l.pay_currency, l.currency) as pay_currency
  from compensation.grant_line l
  join compensation.grant_run r on r.run_id = l.run_id
  left join ledger.v_entry e
    on e.wallet_id = l.person_id and e.key = l.key and e.from_account = ledger.account_elsewhere()
 where not l.rehearsal;

create or replace view metering.v_request as
select r.wallet_id, r.request_id, r.started_at, r.ended_at, r.source, r.key_id, r.model,
       coalesce(c.provider, r.provider) as provider,
       coalesce(c.price_id, r.price_id) as price_id,
       coalesce(c.token_value_nanos, r.token_value_nanos) as token_value_nanos,
       coalesce(c.input, r.input) as input,
       coalesce(c.cached_input, r.cached_input) as cached_input,
       coalesce(c.cache_write_5m, r.cache_write_5m) as cache_write_5m,
       coalesce(c.cache_write_1h, r.cache_write_1h) as cache_write_1h,
       coalesce(c.output, r.output) as output,
       coalesce(c.reasoning, r.reasoning) as reasoning,
       coalesce(c.cost_nanos, r.cost_nanos) as cost_nanos,
       coalesce(c.cost_milli, r.cost_milli) as cost_milli,
       coalesce(c.charged_milli, r.charged_milli) as charged_milli,
       r.held_milli, r.asked_cap, r.sent_cap,
       case when c.version is null then r.state else metering.state_corrected() end as state,
       r.outcome, r.http_status, r.first_byte_us, r.duration_us, r.settled_by, r.charged_milli as booked_milli,
       case when c.version is null then r.audio_input else 0 end as audio_input,
       case when c.version is null then r.image_input else 0 end as image_input,
       case when c.version is null then r.audio_output else 0 end as audio_output,
       case when c.version is null then r.image_output else 0 end as image_output
  from metering.request r
  left join metering.correction c
    on c.wallet_id = r.wallet_id and c.started_at = r.started_at and c.request_id = r.request_id and not exists (
        select from metering.correction n
         where n.wallet_id = c.wallet_id and n.started_at = c.started_at and n.request_id = c.request_id
           and n.version > c.version);
