-- One person's lines of a run go to another run, numbered anew: a chunk for each asset.
update compensation.grant_line l set run_id = $2, line = n.line, chunk = n.chunk
  from (select line as was, row_number() over (order by line)::int as line,
               dense_rank() over (order by asset)::int - 1 as chunk
          from compensation.grant_line where run_id = $1 and person_id = $3) n
 where l.run_id = $1 and l.line = n.was
