-- Each flush of each wallet against the transfer it was booked by, both ways.
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
       case when b.wallet_id is null then format('the ledger has no transfer for these %s milli-tokens', r.milli)
            when r.wallet_id is null
            then format('the ledger settled %s milli-tokens, and no request says for what', b.milli)
            when r.milli <> b.milli
            then format('the requests add up to %s milli-tokens, the ledger settled %s', r.milli, b.milli)
            else 'the requests are not those that the transfer was booked from' end as problem
  from rows r
  full join booked b on b.wallet_id = r.wallet_id and b.flush = r.settled_by
 where b.wallet_id is null or r.wallet_id is null or r.milli <> b.milli or r.evidence is distinct from b.evidence
union all
select format('wallet_id=%s, request_id=%s', wallet_id, request_id),
       'it was charged, but no flush is named that booked it'
  from metering.request
 where charged_milli > 0 and settled_by is null;
