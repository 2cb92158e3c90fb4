-- What records and the pages of a run were mapped with, and which records are mapped whether they have changed or not. Nothing is known
-- of what is stored already: the next listing in full maps it once more.
ALTER TABLE "datasets" ADD COLUMN "mapped_with" UUID;

ALTER TABLE "pull_operations" ADD COLUMN "mapped_with" UUID;

ALTER TABLE "raw_records" ADD COLUMN "map_again" BOOLEAN NOT NULL DEFAULT false;
