-- CreateTable
CREATE TABLE "cash_flow_reports" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "from_date" TIMESTAMP(0),
    "to_date" TIMESTAMP(0),
    "cash_receipts" DECIMAL,
    "cash_payments" DECIMAL,

    CONSTRAINT "cash_flow_reports_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateIndex
CREATE INDEX "cash_flow_reports_company_id_connection_id_modified_at_idx" ON "cash_flow_reports"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "cash_flow_reports_company_id_connection_id_seq_key" ON "cash_flow_reports"("company_id", "connection_id", "seq");
