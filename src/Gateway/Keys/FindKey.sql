-- A key that is good at this moment.
select k.key_id, k.wallet_id, k.models, k.budget_milli, k.expires_at
  from gateway.key k
 where k.hash = @hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > @now);
