-- Each group of requests as it was booked, and every request in a group.
with member as (
    select c.seq, c.at, c.digest as booked, m.id
      from kernel.change c, unnest(c.ids) as m (id)
     where c.table_name = 'metering.request' and c.op = 'batch'
), held as (
    select m.seq, m.at, m.booked, m.id, r.wallet_id, r.digest
      from member m left join metering.request r on r.request_id = m.id
), odd as (
    select seq from held group by seq, booked
    having bool_and(digest is not null)
       and sha256(string_agg(digest, ''::bytea order by id, digest)) is distinct from booked
)
select format('request_id=%s', id) as request,
       'it is gone; it was booked at ' || to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' as problem
  from held where digest is null
union all
select format('wallet_id=%s, request_id=%s', (array_agg(wallet_id order by id))[1], (array_agg(id order by id))[1]),
       format('it, or one of the %s booked with it, is not as it was booked', count(*) - 1)
  from held where seq in (select seq from odd) group by seq
union all
select format('wallet_id=%s, request_id=%s', r.wallet_id, r.request_id), 'it was added outside Guerdon'
  from metering.request r
 where not exists (select from member m where m.id = r.request_id)
 order by 1;
