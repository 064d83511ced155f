-- Chunks of a run ($1), those named ($2), by the lines that are in them now; a chunk without lines goes.
with now as (
    select chunk, min(asset) as asset, count(*)::int as lines, sum(amount_milli)::bigint as total_milli,
           sha256(string_agg(evidence, ''::bytea order by line)) as content
      from compensation.grant_line where run_id = $1 and chunk = any ($2) group by chunk),
gone as (
    delete from compensation.grant_chunk c
     where c.run_id = $1 and c.chunk = any ($2) and not exists (select from now where now.chunk = c.chunk))
insert into compensation.grant_chunk (run_id, chunk, asset, lines, total_milli, content)
select $1, chunk, asset, lines, total_milli, content from now
    on conflict (run_id, chunk) do update
   set lines = excluded.lines, total_milli = excluded.total_milli, content = excluded.content
