-- $1 source, $2 keys of rows, $3 their times
-- What earlier imports booked for these rows. The journal is filed by time, and a row that is imported again has nearly
-- always the time that it had: only one that has another is looked for among all of its wallet's.
select i.row_key, i.wallet_id, r.started_at, r.input + r.cached_input as input, r.cached_input, r.output, r.model
  from unnest($2::bytea[], $3::timestamptz[]) as f (row_key, at)
  join metering.imported i on i.source = $1 and i.row_key = f.row_key
  join lateral (
      select q.started_at, q.input, q.cached_input, q.output, q.model from metering.request q
       where q.wallet_id = i.wallet_id and q.started_at = f.at and q.request_id = i.request_id
      union all
      select q.started_at, q.input, q.cached_input, q.output, q.model from metering.request q
       where q.wallet_id = i.wallet_id and q.request_id = i.request_id
      limit 1) r on true;
