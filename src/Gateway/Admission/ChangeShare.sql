-- $1 key, $2 holder, $3 turn, $4 back, $5 spent, $6 missing, $7 ahead, $8 share of it
-- One change of a node's share of a key's budget: it gives back what it does not use, tells what was spent, and takes
-- what it misses with a little ahead of need. Both rows are locked by now. A turn is made once, however often it is
-- sent.
with now_in as (
    select b.taken_milli, coalesce(s.share_milli, 0) as share_milli, coalesce(s.told_milli, 0) as told_milli,
           coalesce(s.turn, 0) as turn,
           coalesce(k.budget_milli, 1::bigint << 62) - (
               select coalesce(sum(coalesce(j.charged_milli, j.held_milli)), 0) from gateway.tuning_job j
                where j.wallet_id = k.wallet_id and j.key_id = k.key_id)::bigint as most_milli,
           (select coalesce(sum(o.share_milli), 0) from gateway.key_share o
             where o.key_id = k.key_id and o.holder <> $2)::bigint as others_milli
      from gateway.key_budget b
      join gateway.key k using (key_id)
      join gateway.node n on n.holder = $2 and n.reclaimed_at is null
      left join gateway.key_share s on s.key_id = b.key_id and s.holder = $2
     where b.key_id = $1
), change as (
    select greatest(most_milli - taken_milli + $4, 0) as room_milli from now_in where turn = $3 - 1
), drawn as (
    select room_milli,
           case when $6 <= 0 then 0
                else least(room_milli, $6 + least($7, room_milli / $8)) end as drawn_milli
      from change
), budget as (
    update gateway.key_budget b set taken_milli = b.taken_milli - $4 + d.drawn_milli
      from drawn d where b.key_id = $1
), share as (
    insert into gateway.key_share as s (key_id, holder, share_milli, told_milli, turn)
    select $1, $2, d.drawn_milli - $4 - $5, $5, $3 from drawn d
    on conflict (key_id, holder) do update
       set share_milli = s.share_milli + excluded.share_milli, told_milli = s.told_milli + excluded.told_milli,
           turn = excluded.turn
)
select i.share_milli + coalesce(d.drawn_milli - $4 - $5, 0) as share_milli,
       coalesce(d.room_milli - d.drawn_milli, greatest(i.most_milli - i.taken_milli, 0)) as room_milli, i.others_milli
  from now_in i left join drawn d on true
