-- The lots that a group's grants open.
insert into ledger.lot (
    wallet_id, lot, asset, granted_milli, tax_class, source, expires_at, transfer_id, granted_at)
select * from unnest(
    $1::uuid[], $2::int[], $3::smallint[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[], $8::uuid[],
    $9::timestamptz[]);
