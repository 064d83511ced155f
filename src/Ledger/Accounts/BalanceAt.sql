-- $1 wallet, $2 asset, $3 instant
-- A lot past its date counts as expired from that instant, whether its expiry has been booked yet or not.
with moves as (
    select e.lot, m.account, m.amount_milli
      from ledger.entry e
      cross join lateral (values (e.to_account, e.amount_milli), (e.from_account, -e.amount_milli))
                         as m (account, amount_milli)
     where e.wallet_id = $1 and e.asset = $2 and e.at <= $3
), marked as (
    select case when m.account = ledger.account_available() and l.expires_at <= $3
                then ledger.account_expired() else m.account end as account, m.amount_milli
      from moves m
      left join ledger.lot l on l.wallet_id = $1 and l.lot = m.lot
)
select coalesce(sum(amount_milli) filter (where account = ledger.account_available()), 0)::bigint as available,
       coalesce(sum(amount_milli) filter (where account = ledger.account_escrow()), 0)::bigint as escrow,
       coalesce(sum(amount_milli) filter (where account = ledger.account_spent()), 0)::bigint as spent,
       coalesce(sum(amount_milli) filter (where account = ledger.account_expired()), 0)::bigint as expired,
       coalesce(sum(amount_milli) filter (where account = ledger.account_unvested()), 0)::bigint as unvested,
       coalesce(sum(amount_milli) filter (where account = ledger.account_locked()), 0)::bigint as locked,
       coalesce(sum(amount_milli) filter (where account = ledger.account_converted()), 0)::bigint as converted
  from marked;
