-- $1 first day, $2 last day, $3 now
with positions as (
    select p.account, p.amount_milli, coalesce(p.expires_at <= $3, false) as lapsed
      from ledger.v_lot_position p
     where p.asset = ledger.asset_compute() and p.wallet_id in (select person_id from people.v_person)
), lots as (
    select count(distinct l.wallet_id) as wallets, coalesce(sum(l.granted_milli), 0)::bigint as granted
      from ledger.v_grant l
     where l.asset = ledger.asset_compute() and l.wallet_id in (select person_id from people.v_person)
), unsettled as ( -- charged, and in escrow until it is booked
    select coalesce(sum(u.charged_milli), 0)::bigint as milli
      from metering.v_unsettled u
     where u.wallet_id in (select person_id from people.v_person)
), used as (
    select coalesce(sum(d.requests), 0)::bigint as requests, count(distinct d.wallet_id) as active
      from metering.v_day_total d
     where d.day >= $1 and d.day <= $2
)
select (select count(*) from people.v_person) as people, lots.wallets, lots.granted,
       coalesce(sum(amount_milli) filter (where account = ledger.account_available() and not lapsed), 0)::bigint
           as available,
       coalesce(sum(amount_milli) filter (where account = ledger.account_escrow()), 0)::bigint - unsettled.milli
           as escrow,
       coalesce(sum(amount_milli) filter (where account = ledger.account_spent()), 0)::bigint + unsettled.milli
           as spent,
       coalesce(sum(amount_milli) filter (
           where account = ledger.account_expired() or (account = ledger.account_available() and lapsed)), 0)::bigint
           as expired,
       used.requests, used.active
  from lots cross join used cross join unsettled left join positions on true
 group by lots.wallets, lots.granted, used.requests, used.active, unsettled.milli;
