-- AlterTable: what a worker needs to carry a write out, once
ALTER TABLE "push_operations"
  ADD COLUMN "position" BIGSERIAL NOT NULL,
  ADD COLUMN "action" TEXT NOT NULL DEFAULT 'create',
  ADD COLUMN "record_id" TEXT,
  ADD COLUMN "data" JSON,
  ADD COLUMN "expected_modified_at" TIMESTAMPTZ(3),
  ADD COLUMN "sync_afterwards" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "trace_id" TEXT,
  ADD COLUMN "stage" TEXT NOT NULL DEFAULT 'waiting',
  ADD COLUMN "memory" JSON,
  ADD COLUMN "answer" JSON,
  ADD COLUMN "sent_at" TIMESTAMPTZ(3),
  ADD COLUMN "written_at" TIMESTAMPTZ(3),
  ADD COLUMN "attempts" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "last_failure" TEXT,
  ADD COLUMN "fence" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "lease_owner" TEXT,
  ADD COLUMN "lease_until" TIMESTAMPTZ(3),
  ADD COLUMN "not_before" TIMESTAMPTZ(3),
  ADD COLUMN "enqueued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "times_out_at" TIMESTAMPTZ(3),
  ADD COLUMN "closed_at" TIMESTAMPTZ(3);

ALTER TABLE "push_operations" ADD CONSTRAINT "push_operations_stage_check" CHECK ("stage" IN ('waiting', 'sent', 'answered'));

-- Nothing was written before: whatever rows there are, nobody has to work on them
UPDATE "push_operations" SET "closed_at" = coalesce("completed_at", "created_at");

-- CreateIndex: those of a connection in their order
CREATE INDEX "push_operations_open_idx" ON "push_operations"("connection_id", "position") WHERE "closed_at" IS NULL;

-- CreateIndex: those that are to be swept, or have timed out
CREATE INDEX "push_operations_enqueued_idx" ON "push_operations"("enqueued_at") WHERE "closed_at" IS NULL;

-- CreateIndex: what pulls must leave alone
CREATE INDEX "push_operations_written_idx" ON "push_operations"("connection_id", "written_at") WHERE "written_at" IS NOT NULL;
