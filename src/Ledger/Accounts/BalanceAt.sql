-- A lot past its date counts as expired from that instant, whether its expiry has been booked yet or not.
with lots as (
    select e.lot,
           sum(case when e.to_account = 1 then e.amount_milli else 0 end)
         - sum(case when e.from_account = 1 then e.amount_milli else 0 end) as available,
           sum(case when e.to_account = 2 then e.amount_milli else 0 end)
         - sum(case when e.from_account = 2 then e.amount_milli else 0 end) as escrow,
           sum(case when e.to_account = 3 then e.amount_milli else 0 end)
         - sum(case when e.from_account = 3 then e.amount_milli else 0 end) as spent,
           sum(case when e.to_account = 4 then e.amount_milli else 0 end)
         - sum(case when e.from_account = 4 then e.amount_milli else 0 end) as expired
      from ledger.entry e
     where e.wallet_id = @wallet and e.asset = @asset and e.at <= @at
     group by e.lot
)
select coalesce(sum(available) filter (where not lapsed), 0)::bigint as available,
       coalesce(sum(escrow), 0)::bigint as escrow,
       coalesce(sum(spent), 0)::bigint as spent,
       coalesce(sum(expired) + coalesce(sum(available) filter (where lapsed), 0), 0)::bigint as expired
  from (
    select lots.*, coalesce(lot.expires_at <= @at, false) as lapsed
      from lots
      left join ledger.lot lot on lot.wallet_id = @wallet and lot.lot = lots.lot
  ) marked;
