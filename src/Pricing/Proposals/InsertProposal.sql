insert into pricing.proposal (proposal_id, format, name, imported_by, imported_at, content, lines, skips, new_count,
                              changed_count, same_count, outlier_count, imported_by_account, imported_by_person)
values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10, $11, $12, $13::uuid, $14::uuid)
