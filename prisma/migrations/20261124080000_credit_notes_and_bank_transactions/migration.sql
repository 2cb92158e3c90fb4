-- CreateTable
CREATE TABLE "credit_notes" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "credit_note_number" TEXT,
    "customer_id" TEXT,
    "customer_name" TEXT,
    "issue_date" TIMESTAMP(0),
    "allocated_on_date" TIMESTAMP(0),
    "currency" TEXT,
    "currency_rate" DECIMAL,
    "sub_total" DECIMAL,
    "total_discount" DECIMAL,
    "total_tax_amount" DECIMAL,
    "total_amount" DECIMAL,
    "remaining_credit" DECIMAL,
    "discount_percentage" DECIMAL,
    "status" TEXT,
    "note" TEXT,

    CONSTRAINT "credit_notes_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "bill_credit_notes" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "bill_credit_note_number" TEXT,
    "supplier_id" TEXT,
    "supplier_name" TEXT,
    "issue_date" TIMESTAMP(0),
    "allocated_on_date" TIMESTAMP(0),
    "currency" TEXT,
    "currency_rate" DECIMAL,
    "sub_total" DECIMAL,
    "total_discount" DECIMAL,
    "total_tax_amount" DECIMAL,
    "total_amount" DECIMAL,
    "remaining_credit" DECIMAL,
    "discount_percentage" DECIMAL,
    "status" TEXT,
    "note" TEXT,

    CONSTRAINT "bill_credit_notes_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "bank_transactions" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "account_id" TEXT,
    "cleared_on_date" TIMESTAMP(0),
    "description" TEXT,
    "reconciled" BOOLEAN,
    "amount" DECIMAL,
    "balance" DECIMAL,
    "transaction_type" TEXT,

    CONSTRAINT "bank_transactions_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateIndex
CREATE INDEX "credit_notes_company_id_connection_id_modified_at_idx" ON "credit_notes"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "credit_notes_company_id_connection_id_seq_key" ON "credit_notes"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "bill_credit_notes_company_id_connection_id_modified_at_idx" ON "bill_credit_notes"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "bill_credit_notes_company_id_connection_id_seq_key" ON "bill_credit_notes"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "bank_transactions_company_id_connection_id_modified_at_idx" ON "bank_transactions"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "bank_transactions_company_id_connection_id_seq_key" ON "bank_transactions"("company_id", "connection_id", "seq");
