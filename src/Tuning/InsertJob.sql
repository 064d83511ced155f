insert into gateway.tuning_job (
    wallet_id, job_id, key_id, provider, file_id, model, price_id, token_value_nanos, epochs, bound_tokens, held_milli,
    created_at, next_check_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
