-- What was opened is what was closed.
select format('wallet_id=%s, request_id=%s', r.wallet_id, r.request_id) as row,
       case when o.request_id is null then 'the request was never opened'
            else 'its holder, key, model or hold is not what its request has' end as problem
  from metering.request r
  left join metering.opening o
    on o.wallet_id = r.wallet_id and o.started_at = r.started_at and o.request_id = r.request_id
 where r.source = metering.source_gateway() and r.outcome <> metering.outcome_withdrawn()
   and (o.request_id is null
        or (o.holder, o.key_id, o.model, o.held_milli) is distinct from (r.holder, r.key_id, r.model, r.held_milli));
