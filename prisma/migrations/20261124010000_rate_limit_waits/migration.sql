-- How long a run has been put off by rate limits, in all: its budget of hours is of waiting, not of age.
ALTER TABLE "pull_operations" ADD COLUMN "rate_limited_ms" BIGINT NOT NULL DEFAULT 0;
