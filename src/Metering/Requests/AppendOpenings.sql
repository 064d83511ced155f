insert into metering.opening (wallet_id, request_id, started_at, holder, key_id, model, held_milli)
select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[])
