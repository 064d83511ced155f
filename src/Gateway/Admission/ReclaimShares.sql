-- What a dead node had in hand of keys' budgets goes back, less what the journal says that it charged.
with dead as (
    delete from gateway.key_share where holder = $1 returning key_id, share_milli, told_milli
), back as (
    select d.key_id, d.share_milli + d.told_milli - coalesce(sum(c.charged_milli), 0)::bigint as amount_milli
      from dead d
      join gateway.key k using (key_id)
      left join metering.v_key_charge c
        on c.wallet_id = k.wallet_id and c.key_id = d.key_id and c.holder = $1
     group by d.key_id, d.share_milli, d.told_milli
)
update gateway.key_budget b set taken_milli = b.taken_milli - back.amount_milli
  from back where b.key_id = back.key_id
