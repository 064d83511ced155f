-- Writes a group: chain heads, entries, lots and positions. Heads move only from where the lane knew them; where one
-- has moved since, expect() raises ST001 and nothing of the batch stays. So it does where a key was posted before:
-- what this snapshot does not see of a wallet has moved its head. (The unique index alone would let a repeat pass
-- that takes from another lot.) Arrays are in wallet order, so that two lanes lock in one order. An implicit
-- transaction: one round trip, one commit.
with moved as (
    update ledger.wallet w
       set seq = x.after, head = x.head, at = x.at
      from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[], $5::timestamptz[])
           as x (wallet_id, before, after, head, at)
     where w.wallet_id = x.wallet_id and w.seq = x.before and x.before > 0
    returning 1
), opened as (
    insert into ledger.wallet (wallet_id, seq, head, at)
    select x.wallet_id, x.after, x.head, x.at
      from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[], $5::timestamptz[])
           as x (wallet_id, before, after, head, at)
     where x.before = 0
    on conflict do nothing
    returning 1
), entries as (
    insert into ledger.entry (
        wallet_id, seq, transfer_id, link_id, kind, asset, from_account, to_account, other_wallet, holder, lot,
        amount_milli, key, content, corrects, source_id, evidence, at, hash)
    select * from unnest(
        $6::uuid[], $7::bigint[], $8::uuid[], $9::uuid[], $10::smallint[], $11::smallint[], $12::smallint[],
        $13::smallint[], $14::uuid[], $15::uuid[], $16::int[], $17::bigint[], $18::text[], $19::bytea[],
        $20::uuid[], $21::uuid[], $22::bytea[], $23::timestamptz[], $24::bytea[])
), positions as (
    insert into ledger.position (wallet_id, asset, account, holder, lot, amount_milli)
    select * from unnest($25::uuid[], $26::smallint[], $27::smallint[], $28::uuid[], $29::int[], $30::bigint[])
    on conflict (wallet_id, asset, account, holder, lot) do update set amount_milli = excluded.amount_milli
), repeated as (
    select 1
      from unnest($6::uuid[], $18::text[], $12::smallint[]) as x (wallet_id, key, from_account)
      join ledger.entry e on e.wallet_id = x.wallet_id and e.key = x.key
     where x.from_account <> ledger.account_elsewhere() and e.from_account <> ledger.account_elsewhere()
)
select ledger.expect((select count(*) from moved) + (select count(*) from opened), cardinality($1)::bigint),
       ledger.expect((select count(*) from repeated), 0),
       ledger.expect_open($31::date);
