-- Corrections against the requests they put right, against one another, and against the ledger, both ways.
with chain as (
    select c.*, r.request_id is not null as is_known, r.settled_by as booked_by,
           coalesce(r.state in (metering.state_estimated(), metering.state_provisional()), false) as was_estimated,
           lag(c.version, 1, 0) over w as before,
           lag(c.charged_milli, 1, r.charged_milli) over w as charged_before,
           exists (select from metering.reconciliation_applied a where a.reconciliation_id = c.reconciliation_id)
               as is_applied
      from metering.correction c
      left join metering.request r
        on r.wallet_id = c.wallet_id and r.started_at = c.started_at and r.request_id = c.request_id
    window w as (partition by c.wallet_id, c.started_at, c.request_id order by c.version)
), problem as (
    select format('wallet_id=%s, request_id=%s, version=%s', wallet_id, request_id, version) as row,
           case when not is_known then 'there is no such request'
                when not was_estimated then 'the request was not estimated'
                when version <> before + 1 then format('version %s should stand before it and is missing', before + 1)
                when charged_milli <> charged_before + delta_milli
                then format('%s milli-tokens and %s do not make %s', charged_before, delta_milli, charged_milli)
                when settled_by is distinct from booked_by then 'it names another flush than its request'
                when settled_by is null and delta_milli <> 0 then 'it charges, but no transfer is named'
                when not is_applied then 'nobody applied the reconciliation it is of' end as problem
      from chain
), rows as (
    select wallet_id, reconciliation_id as reconciliation, settled_by as flush, sum(delta_milli) as milli,
           sha256(string_agg(digest, ''::bytea order by request_id)) as evidence
      from metering.correction
     where settled_by is not null
     group by 1, 2, 3
), flush as (
    select distinct wallet_id, transfer_id, source_id as flush
      from ledger.v_entry
     where kind in (ledger.kind_settle(), ledger.kind_spend()) and corrects is null
), booked as (
    select e.wallet_id, e.source_id as reconciliation, f.flush,
           sum(case when e.kind = ledger.kind_refund() then -e.amount_milli else e.amount_milli end) as milli,
           min(encode(e.evidence, 'hex')) as evidence, count(distinct e.evidence) as evidences
      from ledger.v_entry e
      left join flush f on f.wallet_id = e.wallet_id and f.transfer_id = e.corrects
     where e.kind in (ledger.kind_spend(), ledger.kind_refund()) and e.corrects is not null
       and e.source_id is not null
     group by 1, 2, 3
)
select row, problem from problem where problem is not null
union all
select format('reconciliation_id=%s', a.reconciliation_id), 'the reconciliation is both applied and declined'
  from metering.reconciliation_applied a
  join metering.reconciliation_declined d on d.reconciliation_id = a.reconciliation_id
union all
select format('wallet_id=%s, reconciliation_id=%s, settled_by=%s', coalesce(r.wallet_id, b.wallet_id),
              coalesce(r.reconciliation, b.reconciliation), coalesce(r.flush, b.flush)),
       case when b.wallet_id is null then format('the ledger has no transfer for these %s milli-tokens', r.milli)
            when r.wallet_id is null
            then format('the ledger moved %s milli-tokens, and no correction says for what', b.milli)
            when r.milli <> b.milli
            then format('the corrections add up to %s milli-tokens, the ledger moved %s', r.milli, b.milli)
            else 'the corrections are not those that the transfer was booked from' end
  from rows r
  full join booked b
    on b.wallet_id = r.wallet_id and b.reconciliation = r.reconciliation and b.flush = r.flush
 where (b.wallet_id is null and r.milli <> 0) or r.wallet_id is null or r.milli <> b.milli
    or (b.wallet_id is not null and (encode(r.evidence, 'hex') <> b.evidence or b.evidences <> 1));
