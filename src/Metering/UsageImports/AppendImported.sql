insert into metering.imported (source, row_key, wallet_id, request_id)
select $1, x.row_key, x.wallet_id, x.request_id
  from unnest($2::bytea[], $3::uuid[], $4::uuid[]) as x (row_key, wallet_id, request_id);
