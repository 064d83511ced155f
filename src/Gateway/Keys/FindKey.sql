-- The keys of these hashes that are good at this moment; what one has spent is summed only where it has a budget to be
-- held against.
select k.hash, k.key_id, k.wallet_id, k.models, k.budget_milli, k.expires_at,
       case when k.budget_milli is null then 0
            else (coalesce((select sum(r.charged_milli) from metering.v_request r
                             where r.wallet_id = k.wallet_id and r.key_id = k.key_id), 0)
                  + coalesce((select sum(j.held_milli) from gateway.tuning_job j
                               where j.wallet_id = k.wallet_id and j.key_id = k.key_id and j.ended_at is null), 0)
                 )::bigint end as spent_milli
  from gateway.key k
 where k.hash = any(@hashes) and k.revoked_at is null and (k.expires_at is null or k.expires_at > @now);
