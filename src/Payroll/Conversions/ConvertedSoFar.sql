-- What counts against a person's caps of one form, and how many requests they have made, in one snapshot.
select coalesce(sum(amount_milli) filter (where counts and requested_on between $3 and $4), 0)::bigint as in_window,
       coalesce(sum(amount_milli) filter (
           where counts and requested_on between date_trunc('year', $5::date)::date and $5::date), 0)::bigint
           as in_year,
       coalesce(max(number), 0) as number
  from (select amount_milli, requested_on, number,
               form = $2 and state not in ('declined', 'withdrawn', 'lapsed', 'reversed') as counts
          from compensation.v_conversion where person_id = $1) c
