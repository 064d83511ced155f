-- Each wallet's head, and lots that no entry opened (a lot with its entry comes with VerifyEntries.sql).
select w.wallet_id, w.seq, w.head, w.at, null::int as stray_lot
  from ledger.wallet w
union all
select l.wallet_id, null, null, null, l.lot
  from ledger.lot l
 where not exists (
    select from ledger.entry e
     where e.wallet_id = l.wallet_id and e.lot = l.lot and e.from_account = ledger.account_elsewhere()
       and e.transfer_id = l.transfer_id)
 order by 1;
