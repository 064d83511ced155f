-- A part belongs to a request, and parts are numbered from 1 without a gap.
select format('wallet_id=%s, request_id=%s, part=%s', p.wallet_id, p.request_id, p.part) as row,
       case when r.request_id is null then 'there is no such request' else 'a part before it is missing' end as problem
  from (select *, row_number() over (partition by wallet_id, started_at, request_id order by part) as place
          from metering.request_part) p
  left join metering.request r using (wallet_id, started_at, request_id)
 where r.request_id is null or p.part <> p.place;
