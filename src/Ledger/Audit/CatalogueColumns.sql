-- Every table's columns, as pg_dump writes them.
select n.nspname || '.' || c.relname as table_name,
       a.attname || ' ' || format_type(a.atttypid, a.atttypmod) as column_text, c.relispartition
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where n.nspname = any ($1) and c.relkind in ('r', 'p', 'f')
 order by 1, a.attnum;
