-- What is due by one channel, each row by one sender alone: whoever takes a row moves it ahead by a lease. The try is
-- counted before it is made, so that a notice that ends its sender does not do so for ever.
with due as (
    select d.notice_id, d.way
      from compensation.notice_delivery d
     where d.way = $1 and d.state = 'waiting' and d.next_at <= $2
     order by d.next_at
     limit $3
       for update skip locked)
update compensation.notice_delivery d
   set tries = d.tries + 1, next_at = $4
  from due
  join compensation.notice n on n.notice_id = due.notice_id
  left join people.v_person p on p.person_id = n.person_id
  left join compensation.notice_choice c on c.person_id = n.person_id and c.kind = n.kind
 where d.notice_id = due.notice_id and d.way = due.way
returning d.notice_id, d.tries, n.person_id, n.kind, n.subject, n.text, n.created_at, p.email, p.left_on, c.by_email
