set local role wealth_owner;

-- Feeds that are asked for their batches (S0-139): where, how often in minutes, and how that went last. The latter is a mark
-- of use and no change of the feed: no version, no event.
alter table rates.rate_feeds
    add column pull_url text,
    add column pull_minutes integer,
    add column pulled_at timestamptz,
    add column pull_outcome jsonb,
    add constraint rate_feeds_pull_check check (
        num_nonnulls(pull_url, pull_minutes) in (0, 2) and pull_minutes between 5 and 1440 and length(pull_url) <= 512
        or num_nonnulls(pull_url, pull_minutes, pulled_at, pull_outcome) = 0),
    add constraint rate_feeds_pulled_check check (num_nonnulls(pulled_at, pull_outcome) in (0, 2));

-- Its successor takes where the feed is asked.
drop function if exists rates.put_feed(text, text, integer, numeric, boolean, bigint);
