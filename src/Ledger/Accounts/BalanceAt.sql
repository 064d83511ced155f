-- A lot past its date counts as expired from that instant, whether its expiry has been booked yet or not.
with moves as (
    select e.lot, m.account, m.amount_milli
      from ledger.entry e
      cross join lateral (values (e.to_account, e.amount_milli), (e.from_account, -e.amount_milli))
                         as m (account, amount_milli)
     where e.wallet_id = @wallet and e.asset = @asset and e.at <= @at
), marked as (
    select case when m.account = 1 and l.expires_at <= @at then 4 else m.account end as account, m.amount_milli
      from moves m
      left join ledger.lot l on l.wallet_id = @wallet and l.lot = m.lot
)
select coalesce(sum(amount_milli) filter (where account = 1), 0)::bigint as available,
       coalesce(sum(amount_milli) filter (where account = 2), 0)::bigint as escrow,
       coalesce(sum(amount_milli) filter (where account = 3), 0)::bigint as spent,
       coalesce(sum(amount_milli) filter (where account = 4), 0)::bigint as expired,
       coalesce(sum(amount_milli) filter (where account = 5), 0)::bigint as unvested,
       coalesce(sum(amount_milli) filter (where account = 6), 0)::bigint as locked,
       coalesce(sum(amount_milli) filter (where account = 7), 0)::bigint as converted
  from marked;
