-- What a listing has shown is noted by page, as the numbers of the stored records: one row where there were a thousand.
-- Notes of listings that are under way are dropped: what those lack counts as missing once, which alone marks nothing deleted.
DROP TABLE "run_seen_records";

CREATE TABLE "run_seen_records" (
    "run_id" UUID NOT NULL,
    "page" INTEGER NOT NULL,
    "seqs" BIGINT[] NOT NULL DEFAULT '{}',

    CONSTRAINT "run_seen_records_pkey" PRIMARY KEY ("run_id","page")
);
