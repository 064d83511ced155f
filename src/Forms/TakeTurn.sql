-- Each form that comes clears away up to a hundred of those that are over, so that no job need run.
with over as (
    delete from web.form_turn
     where turn_id in (select turn_id from web.form_turn where ends_at < $3 order by ends_at limit 100
                          for update skip locked)),
faded as (
    update web.form_turn set answer = null
     where turn_id in (select turn_id from web.form_turn where answer is not null and answered_at < $6
                        order by answered_at limit 100 for update skip locked)),
held as (
    select count(*) as number from web.form_turn where account_id = $2 and ends_at >= $3),
taken as (
    insert into web.form_turn (turn_id, account_id, taken_at, ends_at)
    select $1, $2, $3, $4 from held where number < $5
        on conflict do nothing
    returning 1)
select case when exists (select from taken) then 'Now'
            when exists (select from web.form_turn where turn_id = $1) then 'Before'
            when (select number from held) >= $5 then 'TooMany'
            else 'Before' end -- another session took it in this very moment
