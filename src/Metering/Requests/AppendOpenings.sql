insert into metering.opening_group (
    holder, opened_at, group_id, wallet_ids, request_ids, started_at, key_ids, models, held_milli)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
