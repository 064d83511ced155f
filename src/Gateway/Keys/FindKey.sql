-- The keys of these hashes that are good at this moment, as far as the keys go, with when their owners' access ends.
select k.hash, k.key_id, k.wallet_id, k.models, k.budget_milli, k.expires_at, p.left_on,
       p.access_ended_at
  from gateway.key k
  left join people.v_person p on p.person_id = k.wallet_id
 where k.hash = any ($1) and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2);
