-- Every imported row has its request, and every imported request its row.
select format('source=%s, row_key=%s', coalesce(i.source, ''), coalesce(encode(i.row_key, 'hex'), r.request_id::text))
           as row,
       case when r.request_id is null then 'the request it became is missing'
            else 'no imported row belongs to this request' end as problem
  from metering.imported i
  full join (select wallet_id, request_id from metering.request where source = metering.source_import()) r
    on r.wallet_id = i.wallet_id and r.request_id = i.request_id
 where i.request_id is null or r.request_id is null;
