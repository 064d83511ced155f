-- The keys of these hashes that are good at this moment.
select k.hash, k.key_id, k.wallet_id, k.models, k.budget_milli, k.expires_at
  from gateway.key k
 where k.hash = any(@hashes) and k.revoked_at is null and (k.expires_at is null or k.expires_at > @now);
