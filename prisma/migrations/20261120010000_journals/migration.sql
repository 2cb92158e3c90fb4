-- CreateTable
CREATE TABLE "journal_entries" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "description" TEXT,
    "posted_on" TIMESTAMP(0),
    "created_on" TIMESTAMPTZ(3),
    "updated_on" TIMESTAMPTZ(3),
    "journal_id" TEXT,
    "journal_name" TEXT,
    "record_id" TEXT,
    "record_data_type" TEXT,

    CONSTRAINT "journal_entries_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "journals" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "journal_code" TEXT,
    "name" TEXT,
    "type" TEXT,
    "parent_id" TEXT,
    "has_children" BOOLEAN,
    "created_on" TIMESTAMPTZ(3),
    "status" TEXT,

    CONSTRAINT "journals_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "transfers" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "description" TEXT,
    "contact_id" TEXT,
    "contact_data_type" TEXT,
    "date" TIMESTAMP(0),
    "from_account_id" TEXT,
    "from_account_data_type" TEXT,
    "from_currency" TEXT,
    "from_amount" DECIMAL,
    "to_account_id" TEXT,
    "to_account_data_type" TEXT,
    "to_currency" TEXT,
    "to_amount" DECIMAL,
    "status" TEXT,

    CONSTRAINT "transfers_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "account_transactions" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "transaction_id" TEXT,
    "note" TEXT,
    "bank_account_id" TEXT,
    "bank_account_name" TEXT,
    "date" TIMESTAMP(0),
    "status" TEXT,
    "currency" TEXT,
    "currency_rate" DECIMAL,
    "total_amount" DECIMAL,

    CONSTRAINT "account_transactions_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "balance_sheets" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "date" TIMESTAMP(0),
    "net_assets" DECIMAL,

    CONSTRAINT "balance_sheets_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "profit_and_loss_reports" (
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
    "gross_profit" DECIMAL,
    "net_operating_profit" DECIMAL,
    "net_other_income" DECIMAL,
    "net_profit" DECIMAL,

    CONSTRAINT "profit_and_loss_reports_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "ledgers" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "home_currency" TEXT,
    "read_at" TIMESTAMPTZ(3) NOT NULL,
    "fully_read_at" TIMESTAMPTZ(3) NOT NULL,
    "lines_changed_at" TIMESTAMPTZ(3) NOT NULL,
    "recent_changes" JSON NOT NULL DEFAULT '{}',

    CONSTRAINT "ledgers_pkey" PRIMARY KEY ("company_id","connection_id")
);

-- CreateTable
CREATE TABLE "ledger_accounts" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT,
    "section" TEXT NOT NULL,
    "is_bank" BOOLEAN NOT NULL,

    CONSTRAINT "ledger_accounts_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "ledger_openings" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "cents" DECIMAL NOT NULL,

    CONSTRAINT "ledger_openings_pkey" PRIMARY KEY ("company_id","connection_id","account_id","date")
);

-- CreateTable
CREATE TABLE "journal_lines" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "record_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "record_type" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "cents" DECIMAL NOT NULL,
    "is_closing" BOOLEAN NOT NULL,
    "raw" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "journal_lines_pkey" PRIMARY KEY ("company_id","connection_id","record_id","account_id","id")
);

-- CreateTable
CREATE TABLE "staged_journal_lines" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "record_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "record_type" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "cents" DECIMAL NOT NULL,
    "is_closing" BOOLEAN NOT NULL,
    "raw" JSON NOT NULL,
    "content_hash" UUID NOT NULL,

    CONSTRAINT "staged_journal_lines_pkey" PRIMARY KEY ("company_id","connection_id","run_id","record_id","account_id","id")
);

-- CreateTable
CREATE TABLE "stale_journal_entries" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "run_id" UUID NOT NULL,
    "date" DATE,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "stale_journal_entries_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateIndex
CREATE INDEX "journal_entries_company_id_connection_id_modified_at_idx" ON "journal_entries"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "journal_entries_company_id_connection_id_seq_key" ON "journal_entries"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "journals_company_id_connection_id_modified_at_idx" ON "journals"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "journals_company_id_connection_id_seq_key" ON "journals"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "transfers_company_id_connection_id_modified_at_idx" ON "transfers"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "transfers_company_id_connection_id_seq_key" ON "transfers"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "account_transactions_company_id_connection_id_modified_at_idx" ON "account_transactions"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "account_transactions_company_id_connection_id_seq_key" ON "account_transactions"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "balance_sheets_company_id_connection_id_modified_at_idx" ON "balance_sheets"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "balance_sheets_company_id_connection_id_seq_key" ON "balance_sheets"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "profit_and_loss_reports_company_id_connection_id_modified_a_idx" ON "profit_and_loss_reports"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "profit_and_loss_reports_company_id_connection_id_seq_key" ON "profit_and_loss_reports"("company_id", "connection_id", "seq");

-- AddForeignKey
ALTER TABLE "ledgers" ADD CONSTRAINT "ledgers_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;
