-- What this session's role may do beyond what Guerdon does; or, alone, that it owns what it writes.
-- A partition can be reached past its table, so each is looked at as its table is, and may not be added to at all.
with named as (
    select name, removable, columns,
           to_regclass(quote_ident(split_part(name, '.', 1)) || '.' || quote_ident(split_part(name, '.', 2))) as id
      from unnest($1::text[], $2::boolean[], $3::text[]) as t (name, removable, columns)
), wanted as (
    select name, removable, columns, id, true as insertable from named
    union all
    select p.relid::regclass::text, false, '', p.relid, false
      from named n, pg_partition_tree(n.id) p
     where p.level > 0
), me as (
    select current_user::text as role,
           coalesce((select pg_has_role(c.relowner, 'member') from pg_class c
                      where c.oid = to_regclass('ledger.entry')), false) as owns
)
select '' as name, role, true as owns, '' as what from me where owns
union all
select w.name, m.role, false, x.what
  from me m, wanted w,
       lateral (values ('truncate', has_table_privilege(w.id, 'truncate')),
                       ('put triggers on', has_table_privilege(w.id, 'trigger')),
                       ('add rows to', not w.insertable and has_table_privilege(w.id, 'insert')),
                       ('delete rows of', not w.removable and has_table_privilege(w.id, 'delete')),
                       ('change rows of', w.columns <> '*' and exists (
                            select from pg_attribute a
                             where a.attrelid = w.id and a.attnum > 0 and not a.attisdropped
                               and a.attname <> all (string_to_array(w.columns, ','))
                               and has_column_privilege(w.id, a.attnum, 'update')))) as x (what, has)
 where not m.owns and w.id is not null and x.has
union all
select p.pronamespace::regnamespace::text || '.' || p.proname, m.role, false, 'make triggers of'
  from me m, pg_proc p
 where not m.owns and p.prosecdef and p.prorettype = 'trigger'::regtype
   and p.pronamespace::regnamespace::text = any ($4) and has_function_privilege(p.oid, 'execute')
 order by 1, 4;
