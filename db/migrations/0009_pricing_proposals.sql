-- Price lists on their way into the book. A proposal is the difference that a list makes, as it was when it was read;
-- the book changes only by a decision to approve it. Rows are never changed.
create table pricing.proposal (
    proposal_id   uuid        primary key,
    format        text        not null check (format in ('litellm', 'csv')),
    name          text        not null, -- of the file
    imported_by   text        not null,
    imported_at   timestamptz not null,
    content       bytea       not null check (length(content) = 32), -- SHA-256 of lines: what it would change
    lines         jsonb       not null, -- new and changed prices, with what the book had and why to look again
    skips         jsonb       not null, -- models of the list that are not taken, by reason
    new_count     int         not null check (new_count >= 0),
    changed_count int         not null check (changed_count >= 0),
    same_count    int         not null check (same_count >= 0),
    outlier_count int         not null check (outlier_count between 0 and new_count + changed_count),
    digest        bytea       not null default ''
);

create index proposal_by_content on pricing.proposal (content);

-- One for a proposal, so that it is decided once.
create table pricing.decision (
    proposal_id       uuid        primary key references pricing.proposal,
    is_approved       boolean     not null,
    decided_by        text        not null,
    decided_at        timestamptz not null,
    effective_from    timestamptz,          -- from when its prices hold
    accepted_outliers boolean     not null,
    digest            bytea       not null default '',
    check ((effective_from is not null) = is_approved)
);

create view pricing.v_proposal as
select p.proposal_id, p.format, p.name, p.imported_by, p.imported_at, p.lines, p.skips, p.new_count, p.changed_count,
       p.same_count, p.outlier_count, p.content, d.is_approved, d.decided_by, d.decided_at, d.effective_from,
       d.accepted_outliers
  from pricing.proposal p
  left join pricing.decision d using (proposal_id);

select kernel.guard('pricing.proposal');
select kernel.guard('pricing.decision');
