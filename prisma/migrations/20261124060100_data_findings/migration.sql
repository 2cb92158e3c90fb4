-- AlterTable
ALTER TABLE "datasets" ADD COLUMN     "checked_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "data_findings" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "message" TEXT NOT NULL,

    CONSTRAINT "data_findings_pkey" PRIMARY KEY ("company_id","connection_id","data_type","id","rule_id")
);
