-- By how much each entry changes what is the owner's of a lot: what is available, in escrow or locked. Moves between
-- these change nothing. Summed by lot up to an instant, it is what was held then.
create view compensation.v_held_change as
select wallet_id, lot, seq, at,
       case when to_account in (1, 2, 6) then amount_milli else 0 end
         - case when from_account in (1, 2, 6) then amount_milli else 0 end as milli
  from ledger.v_entry
 where lot > 0;
