-- The acts of somebody, the newest first, those of rare kinds, failed sign-ins by whose account they were for, and
-- looks at lists of everybody's figures, without reading all acts. Each is built by reading host.act once (a second for
-- each million rows), during which whoever writes acts waits.

create index act_who on host.act (lower(who), at, act_id);
create index act_subject on host.act (lower(subject), at, act_id) where who = '' and subject <> '';
create index act_person on host.act (person_id, at) where person_id is not null;
create index act_kind on host.act (kind, at, act_id) where kind not in ('write', 'answered', 'looked');
create index act_looks on host.act (at, act_id) where kind = 'looked' and about_id is null;
