select e.wallet_id, e.seq, e.transfer_id, e.link_id, e.kind, e.asset, e.from_account, e.to_account, e.other_wallet,
       e.holder, e.lot, e.amount_milli, e.key, e.content, e.corrects, e.evidence, e.at, e.hash,
       l.tax_class, l.source, l.expires_at, l.granted_milli, l.asset as lot_asset, l.granted_at, e.source_id
  from ledger.entry e
  left join ledger.lot l
    on e.from_account = ledger.account_elsewhere() and l.wallet_id = e.wallet_id and l.lot = e.lot
   and l.transfer_id = e.transfer_id
 order by e.wallet_id, e.seq;
