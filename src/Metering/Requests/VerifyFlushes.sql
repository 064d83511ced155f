-- Each flush and batch of each wallet against the transfer it was booked by, both ways; batches that wait against their
-- rows, and against the escrow that they will be booked out of.
with rows as (
    select wallet_id, settled_by, sum(charged_milli) as milli,
           sha256(string_agg(digest, ''::bytea order by request_id)) as evidence
      from metering.request
     where settled_by is not null
     group by wallet_id, settled_by
), booked as (
    select wallet_id, source_id as flush, sum(amount_milli) as milli, (array_agg(evidence))[1] as evidence
      from ledger.v_entry
     where kind in (ledger.kind_settle(), ledger.kind_spend()) and corrects is null and source_id is not null
     group by wallet_id, source_id
)
select format('wallet_id=%s, settled_by=%s', coalesce(r.wallet_id, b.wallet_id), coalesce(r.settled_by, b.flush))
           as row,
       case when u.batch_id is not null then 'the ledger has a transfer for it, and it waits for one all the same'
            when b.wallet_id is null then format('the ledger has no transfer for these %s milli-tokens', r.milli)
            when r.wallet_id is null
            then format('the ledger settled %s milli-tokens, and no request says for what', b.milli)
            when r.milli <> b.milli
            then format('the requests add up to %s milli-tokens, the ledger settled %s', r.milli, b.milli)
            else 'the requests are not those that the transfer was booked from' end as problem
  from rows r
  full join booked b on b.wallet_id = r.wallet_id and b.flush = r.settled_by
  left join metering.unsettled u
    on u.wallet_id = coalesce(r.wallet_id, b.wallet_id) and u.batch_id = coalesce(r.settled_by, b.flush)
 where (b.wallet_id is null) = (u.batch_id is null) or r.wallet_id is null
    or (b.wallet_id is not null and (r.milli <> b.milli or r.evidence is distinct from b.evidence))
union all
select format('wallet_id=%s, settled_by=%s', u.wallet_id, u.batch_id),
       format('%s requests of %s, together %s milli-tokens, name it, but %s of %s wait to be booked', r.requests,
              case when r.is_holders then 'its holder' else 'others' end, coalesce(r.milli, 0), u.requests,
              u.charged_milli)
  from metering.unsettled u
 cross join lateral (
    select sum(r.charged_milli) as milli, count(*) as requests,
           coalesce(bool_and(r.holder = u.holder), true) as is_holders
      from metering.request r
     where r.wallet_id = u.wallet_id and r.started_at >= u.first_started_at and r.settled_by = u.batch_id) r
 where (r.milli, r.requests, r.is_holders) is distinct from (u.charged_milli, u.requests, true)
union all
select format('wallet_id=%s, request_id=%s', wallet_id, request_id),
       'it was charged, but no flush is named that booked it'
  from metering.request
 where charged_milli > 0 and settled_by is null
union all
select format('wallet_id=%s, holder=%s', u.wallet_id, u.holder),
       format('%s milli-tokens wait to be booked out of an escrow of %s', u.milli, coalesce(e.amount_milli, 0))
  from (select wallet_id, holder, sum(charged_milli) as milli from metering.unsettled group by wallet_id, holder) u
  left join ledger.v_escrow e
    on e.wallet_id = u.wallet_id and e.holder = u.holder and e.asset = ledger.asset_compute()
 where u.milli > coalesce(e.amount_milli, 0);
