-- What is taken of each key's budget: what nodes have in hand or told that they spent, and what the journal says that
-- those charged who have nothing in hand any more. What a running node has not told yet is in its share, and where it
-- has none it took nothing; what tuning jobs cost is in their own rows.
with share as (
    select key_id, sum(share_milli + told_milli) as amount_milli from gateway.key_share group by key_id
), spent as (
    select b.key_id, sum(c.charged_milli) as amount_milli
      from gateway.key_budget b
      join metering.v_key_charge c on c.key_id = b.key_id
     where not exists (select from gateway.key_share s where s.key_id = c.key_id and s.holder = c.holder)
       and not exists (select from gateway.node n where n.holder = c.holder and n.reclaimed_at is null)
       and not exists (select from gateway.tuning_job j where j.wallet_id = c.wallet_id and j.job_id = c.holder)
     group by b.key_id
)
select format('key_id=%s', coalesce(b.key_id, s.key_id)) as row,
       case when b.key_id is null
            then format('it is gone, and nodes have or spent %s milli-tokens of it', s.amount_milli)
            else format('%s milli-tokens of it are taken; nodes have or spent %s, and the journal has %s of others',
                        b.taken_milli, coalesce(s.amount_milli, 0), coalesce(p.amount_milli, 0)) end as problem
  from gateway.key_budget b
  full join share s on s.key_id = b.key_id
  left join spent p on p.key_id = b.key_id
 where b.taken_milli is distinct from coalesce(s.amount_milli, 0) + coalesce(p.amount_milli, 0)
 order by 1
