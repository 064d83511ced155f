-- Whoever changes somebody's last day of employment tells every node, with the change itself: keys are forgotten and
-- escrow goes home. Two hundred ids fit in one notification.
create function people.tell_last_days() returns trigger
    language plpgsql
    set search_path = pg_catalog
as $$
begin
    perform pg_notify('people_last_days', string_agg('prs_' || replace(person_id::text, '-', ''), ' '))
       from (select person_id, (row_number() over () - 1) / 200 as part
               from before b join after a using (person_id)
              where a.left_on is distinct from b.left_on) as changed
      group by part;
    return null;
end
$$;

create trigger tell_last_days after update on people.person
    referencing old table as before new table as after
    for each statement execute function people.tell_last_days();
