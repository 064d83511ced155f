-- Lines of kernel.change that Guerdon itself does not write. What a redigest accepted later is not listed again here.
with line as (
    select c.*, c.op in ('redigest', 'adopt') as is_accepted,
           lag(c.digest) over w as before_digest, lag(c.op) over w as before_op,
           max(c.seq) filter (where c.op in ('redigest', 'adopt')) over (
               partition by c.table_name, c.row_key) as accepted
      from kernel.v_change c
    window w as (partition by c.table_name, c.row_key order by c.seq)
), judged as (
    select l.*, coalesce(
               case when is_accepted then role <> all ($3) else program <> 'guerdon' or role <> all ($1) end, true)
               as is_a_stranger,
           breaks is not false as changes_what_lasts,
           is_accepted and digest is distinct from before_digest
               and not exists (select from host.migration m where m.applied_at = l.at) as is_by_hand
      from line l
     where accepted is null or seq >= accepted
)
select table_name, row_key, op, at at time zone 'UTC' as written_at, role, program, changes_what_lasts, is_a_stranger,
       is_by_hand, sealed_on
  from judged
 where is_by_hand or is_a_stranger or changes_what_lasts
    or op = 'delete' and table_name <> all ($2)
    or op = 'insert' and before_op in ('insert', 'update', 'redigest', 'adopt')
 order by seq;
