-- Who approves a run names the digest of all of it, and then their own lines are set aside into runs of their own. Both
-- together must still have the digest that was named: lines keep chunk and number where they go, so that the chunks of
-- before can be put together again.
create function compensation.runs_digest(runs uuid[]) returns bytea
    language sql stable strict
    set search_path = pg_catalog
as $$
    select sha256(convert_to(concat_ws(e'\n', 'stipend/grant-run/1', r.run_id, r.plan, p.version,
               encode(sha256(convert_to(p.yaml, 'UTF8')), 'hex'), r.period, r.kind, r.attempt, r.token_value_nanos,
               s.lines, s.total_milli, s.total_usd_nanos, c.chunks), 'UTF8'))
      from compensation.grant_run r
      join compensation.plan p on p.plan_id = r.plan_id
     cross join lateral (
        select sum(lines) as lines, sum(total_milli) as total_milli, sum(total_usd_nanos) as total_usd_nanos
          from compensation.grant_run where run_id = any (runs)) s
     cross join lateral (
        select string_agg(concat_ws(' ', chunk, asset, lines, total_milli, encode(content, 'hex')), e'\n'
                          order by chunk) as chunks
          from (select chunk, min(asset) as asset, sum(lines) as lines, sum(total_milli) as total_milli,
                       case when count(*) = 1 then (array_agg(content))[1]
                            else (select sha256(string_agg(l.evidence, ''::bytea order by l.line))
                                    from compensation.grant_line l
                                   where l.run_id = any (runs) and l.chunk = k.chunk) end as content
                  from compensation.grant_chunk k where run_id = any (runs) group by chunk) of) c
     where r.run_id = runs[1]
$$;

comment on function compensation.runs_digest is
    'The digest that the first of these runs had when what is in the others was in it.';

create or replace function compensation.run_digest(run uuid) returns bytea
    language sql stable strict
    set search_path = pg_catalog
as $$
    select compensation.runs_digest(array[run])
$$;

create function compensation.approved_digest(run uuid) returns bytea
    language sql stable strict
    set search_path = pg_catalog
as $$
    select compensation.runs_digest(
        run || array(select s.run_id from compensation.grant_run s where s.set_aside_from = run))
$$;

comment on function compensation.approved_digest is
    'The digest that an approval of the run named: of it and of what was set aside from it.';
