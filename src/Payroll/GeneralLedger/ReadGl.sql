-- What the general ledger sees of [$1, $2), in the order it happened: how tokens moved, how much of a lot's value was
-- spent, and of what can become pay ($3: its classes) how many milli-tokens were the owner's before and after. Moves
-- inside a wallet that change neither are left out. Of a conversion that is reversed: what its tokens were before and
-- after when it was made. The cost centre is whoever's on the day.
with moved as (
    select distinct wallet_id, lot from ledger.v_entry where at >= $1 and at < $2 and lot > 0
), steps as (
    select e.wallet_id, e.seq, e.transfer_id, e.kind, e.asset, e.lot, e.amount_milli, e.from_account, e.to_account,
           e.other_wallet, e.source_id, e.corrects, e.at, v.tax_class, v.granted_milli, v.usd_nanos, v.pay_currency,
           sum(case when not u.pays and e.to_account = ledger.account_spent() then e.amount_milli else 0 end
             - case when not u.pays and e.from_account = ledger.account_spent() then e.amount_milli else 0 end) over w
               as used,
           sum(case when u.pays and e.to_account = any (ledger.accounts_own()) then e.amount_milli else 0 end
             - case when u.pays and e.from_account = any (ledger.accounts_own()) then e.amount_milli else 0 end) over w
               as held
      from moved m
      join compensation.v_lot_value v on v.wallet_id = m.wallet_id and v.lot = m.lot
      join ledger.v_entry e on e.wallet_id = m.wallet_id and e.lot = m.lot and e.at < $2
     cross join lateral (select v.tax_class = any ($3) as pays) u
    window w as (partition by e.wallet_id, e.lot order by e.seq)
), valued as (
    select s.*,
           div(2 * s.used * s.usd_nanos + s.granted_milli, 2 * s.granted_milli::numeric) as used_nanos
      from steps s
), changes as (
    select v.*,
           (v.used_nanos - coalesce(lag(v.used_nanos) over w, 0))::bigint as used_change,
           coalesce(lag(v.held) over w, 0)::bigint as held_before, v.held::bigint as held_after
      from valued v
    window w as (partition by v.wallet_id, v.lot order by v.seq)
)
select c.at, c.wallet_id, c.seq, c.transfer_id, c.kind, c.asset, c.lot, c.amount_milli, c.from_account, c.to_account,
       c.other_wallet, c.tax_class, coalesce(p.cost_centre, '') as cost_centre, c.used_change, c.held_before,
       c.held_after, c.pay_currency, c.usd_nanos, c.granted_milli,
       o.units, o.currency, o.of_milli, o.before_milli, coalesce(o.at, c.at) as rate_at,
       b.held_before as undone_before, b.held_after as undone_after, b.at as undone_at
  from changes c
  left join changes b
    on c.kind = ledger.kind_reconvert() and b.kind = ledger.kind_convert() and b.wallet_id = c.wallet_id
   and b.lot = c.lot and b.transfer_id = c.corrects
  left join people.person_at((c.at at time zone 'UTC')::date) p on p.person_id = c.wallet_id
  left join lateral (
    -- What a conversion pays for this lot: its share, by what the lots before it took.
    select n.units, n.currency, n.amount_milli as of_milli,
           (select coalesce(sum(b.amount_milli), 0)::bigint from compensation.v_conversion_lot b
             where b.conversion_id = n.conversion_id and b.lot < c.lot) as before_milli,
           (select min(f.at) from ledger.v_entry f
             where f.wallet_id = c.wallet_id and f.transfer_id = c.corrects) as at
      from compensation.v_conversion n
     where c.kind in (ledger.kind_convert(), ledger.kind_reconvert()) and n.form = 'cash'
       and n.conversion_id = c.source_id) o on true
 where c.at >= $1
   and not (c.from_account = any (ledger.accounts_own()) and c.to_account = any (ledger.accounts_own()))
union all
select e.at, e.wallet_id, e.seq, e.transfer_id, e.kind, e.asset, 0, e.amount_milli, e.from_account, e.to_account,
       e.other_wallet, '', '', 0, 0, 0, '', 0, 0, null, null, null, null, e.at,
       null, null, null
  from ledger.v_entry e
 where e.kind = ledger.kind_fund() and e.to_account = ledger.account_elsewhere() and e.at >= $1 and e.at < $2
 order by 1, 2, 3
