-- A key's budget when it is first used, or was given to a key that had none: what the key has spent so far.
insert into gateway.key_budget (key_id, taken_milli)
select k.key_id, coalesce((
           select sum(c.charged_milli) from metering.v_key_charge c
            where c.wallet_id = k.wallet_id and c.key_id = k.key_id
              and not exists (select from gateway.tuning_job j
                               where j.wallet_id = c.wallet_id and j.job_id = c.holder)), 0)
  from gateway.key k
 where k.key_id = $1
on conflict (key_id) do nothing
