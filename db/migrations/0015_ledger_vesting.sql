-- Where tokens are while they vest (5), while a conversion is decided (6) and once they are paid out (7).
create or replace view ledger.v_lot as
select l.wallet_id, l.lot, l.asset, l.granted_milli, l.tax_class, l.source, l.expires_at, l.granted_at,
       coalesce(sum(p.amount_milli) filter (where p.account = 1), 0)::bigint as available_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 2), 0)::bigint as escrow_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 3), 0)::bigint as spent_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 4), 0)::bigint as expired_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 5), 0)::bigint as unvested_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 6), 0)::bigint as locked_milli,
       coalesce(sum(p.amount_milli) filter (where p.account = 7), 0)::bigint as converted_milli,
       l.transfer_id
  from ledger.lot l
  left join ledger.position p on p.wallet_id = l.wallet_id and p.lot = l.lot and p.asset = l.asset
 group by l.wallet_id, l.lot;

create or replace view ledger.v_balance as
select wallet_id, asset,
       coalesce(sum(amount_milli) filter (where account = 1), 0)::bigint as available_milli,
       coalesce(sum(amount_milli) filter (where account = 2), 0)::bigint as escrow_milli,
       coalesce(sum(amount_milli) filter (where account = 3), 0)::bigint as spent_milli,
       coalesce(sum(amount_milli) filter (where account = 4), 0)::bigint as expired_milli,
       coalesce(sum(amount_milli) filter (where account = 5), 0)::bigint as unvested_milli,
       coalesce(sum(amount_milli) filter (where account = 6), 0)::bigint as locked_milli,
       coalesce(sum(amount_milli) filter (where account = 7), 0)::bigint as converted_milli
  from ledger.position
 group by wallet_id, asset;

-- A grant's terms with the transfer that made it.
create or replace view ledger.v_grant as
select wallet_id, lot, asset, granted_milli, tax_class, source, expires_at, granted_at, transfer_id from ledger.lot;
