-- CreateEnum
CREATE TYPE "connection_status" AS ENUM ('PendingAuth', 'Linked', 'Unlinked', 'Deauthorized');

-- CreateEnum
CREATE TYPE "credential_state" AS ENUM ('active', 'refreshing', 'lost');

-- CreateTable
CREATE TABLE "clients" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "logo_url" TEXT,
    "icon_url" TEXT,
    "redirect_url" TEXT,
    "white_list_urls" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clients_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "name" TEXT,
    "key_hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "client_usage" (
    "client_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "requests" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "client_usage_pkey" PRIMARY KEY ("client_id","day")
);

-- CreateTable
CREATE TABLE "client_integrations" (
    "client_id" UUID NOT NULL,
    "platform_key" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "application_client_id" TEXT,
    "application_secret" TEXT,
    "alert" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "client_integrations_pkey" PRIMARY KEY ("client_id","platform_key")
);

-- CreateTable
CREATE TABLE "companies" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "tags" JSONB,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "companies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "platform_key" TEXT NOT NULL,
    "status" "connection_status" NOT NULL DEFAULT 'PendingAuth',
    "business_id" TEXT,
    "business_name" TEXT,
    "business_choices" JSONB,
    "connection_info" JSONB,
    "linked_at" TIMESTAMPTZ(3),
    "last_sync_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_errors" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "status_code" TEXT NOT NULL,
    "status_text" TEXT NOT NULL,
    "error_message" TEXT NOT NULL,
    "errored_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "connection_errors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_credentials" (
    "connection_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "state" "credential_state" NOT NULL DEFAULT 'active',
    "sealed" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "has_answered" BOOLEAN NOT NULL DEFAULT false,
    "dead_versions" INTEGER NOT NULL DEFAULT 0,
    "refresh_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_credentials_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "link_states" (
    "id" BYTEA NOT NULL,
    "connection_id" UUID NOT NULL,
    "browser_hash" BYTEA NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "link_states_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consents" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "page_version" TEXT NOT NULL,
    "data_types" TEXT[],
    "agreed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "consents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "client_sync_settings" (
    "client_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "fetch_on_first_link" BOOLEAN NOT NULL,
    "sync_schedule" INTEGER NOT NULL,
    "sync_order" INTEGER NOT NULL,
    "sync_from_utc" TIMESTAMPTZ(3),
    "sync_from_window" INTEGER,
    "months_to_sync" INTEGER,
    "is_locked" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "client_sync_settings_pkey" PRIMARY KEY ("client_id","data_type")
);

-- CreateTable
CREATE TABLE "company_sync_settings" (
    "company_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "fetch_on_first_link" BOOLEAN NOT NULL,
    "sync_schedule" INTEGER NOT NULL,
    "sync_order" INTEGER NOT NULL,
    "sync_from_utc" TIMESTAMPTZ(3),
    "sync_from_window" INTEGER,
    "months_to_sync" INTEGER,
    "is_locked" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "company_sync_settings_pkey" PRIMARY KEY ("company_id","data_type")
);

-- CreateTable
CREATE TABLE "datasets" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "client_id" UUID NOT NULL,
    "schedule_hours" INTEGER NOT NULL DEFAULT 0,
    "next_run_at" TIMESTAMPTZ(3),
    "latest_run_id" UUID,
    "latest_successful_run_id" UUID,
    "last_successful_sync_at" TIMESTAMPTZ(3),
    "cursor_at" TIMESTAMPTZ(3),
    "cursor_from_date" DATE,
    "mapping_version" INTEGER NOT NULL DEFAULT 0,
    "last_seq" BIGINT NOT NULL DEFAULT 0,
    "record_count" BIGINT NOT NULL DEFAULT 0,
    "deleted_count" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("company_id","connection_id","data_type")
);

-- CreateTable
CREATE TABLE "pull_operations" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "priority" SMALLINT NOT NULL DEFAULT 1,
    "status" TEXT NOT NULL DEFAULT 'Queued',
    "status_description" TEXT,
    "error_message" TEXT,
    "progress" INTEGER NOT NULL DEFAULT 0,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "not_before" TIMESTAMPTZ(3),
    "enqueued_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "checkpoint" JSONB,
    "listing" TEXT,
    "modified_since" TIMESTAMPTZ(3),
    "from_date" DATE,
    "platform_started_at" TIMESTAMPTZ(3),
    "greatest_modified_at" TIMESTAMPTZ(3),
    "pages" INTEGER NOT NULL DEFAULT 0,
    "records_read" INTEGER NOT NULL DEFAULT 0,
    "inserted" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "deleted" INTEGER NOT NULL DEFAULT 0,
    "quarantined" INTEGER NOT NULL DEFAULT 0,
    "warnings" INTEGER NOT NULL DEFAULT 0,
    "trace_id" TEXT,

    CONSTRAINT "pull_operations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_seen_records" (
    "run_id" UUID NOT NULL,
    "id" TEXT NOT NULL,

    CONSTRAINT "run_seen_records_pkey" PRIMARY KEY ("run_id","id")
);

-- CreateTable
CREATE TABLE "missing_records" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "listings" INTEGER NOT NULL DEFAULT 1,
    "last_run_id" UUID NOT NULL,
    "first_missed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "missing_records_pkey" PRIMARY KEY ("company_id","connection_id","data_type","id")
);

-- CreateTable
CREATE TABLE "quarantined_records" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "raw" JSON NOT NULL,
    "quarantined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quarantined_records_pkey" PRIMARY KEY ("company_id","connection_id","data_type","id")
);

-- CreateTable
CREATE TABLE "data_warnings" (
    "id" BIGSERIAL NOT NULL,
    "company_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "severity" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "item_id" TEXT,
    "message" TEXT NOT NULL,

    CONSTRAINT "data_warnings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upstream_requests" (
    "id" BIGSERIAL NOT NULL,
    "company_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "status" INTEGER,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "records" INTEGER,
    "failure" TEXT,
    "excerpt" TEXT,

    CONSTRAINT "upstream_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform_pauses" (
    "platform_key" TEXT NOT NULL,
    "reason" TEXT,
    "paused_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "platform_pauses_pkey" PRIMARY KEY ("platform_key")
);

-- CreateTable
CREATE TABLE "raw_records" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "raw" JSON NOT NULL,
    "raw_hash" UUID NOT NULL,
    "mapping_version" INTEGER NOT NULL,

    CONSTRAINT "raw_records_pkey" PRIMARY KEY ("company_id","connection_id","data_type","id")
);

-- CreateTable
CREATE TABLE "rate_budgets" (
    "key" TEXT NOT NULL,
    "free_at" TIMESTAMPTZ(6) NOT NULL,
    "hour_slots" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[],

    CONSTRAINT "rate_budgets_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "workers" (
    "id" TEXT NOT NULL,
    "concurrency" INTEGER NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "company_info" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "company_name" TEXT,
    "company_legal_name" TEXT,
    "accounting_platform_ref" TEXT,
    "registration_number" TEXT,
    "tax_number" TEXT,
    "base_currency" TEXT,
    "financial_year_start_date" TIMESTAMP(0),
    "ledger_lock_date" TIMESTAMP(0),
    "created_date" TIMESTAMPTZ(3),

    CONSTRAINT "company_info_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "nominal_code" TEXT,
    "name" TEXT,
    "fully_qualified_category" TEXT,
    "fully_qualified_name" TEXT,
    "currency" TEXT,
    "current_balance" DECIMAL,
    "type" TEXT,
    "status" TEXT,
    "is_bank_account" BOOLEAN,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "bank_accounts" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "account_name" TEXT,
    "account_type" TEXT,
    "nominal_code" TEXT,
    "sort_code" TEXT,
    "account_number" TEXT,
    "iban" TEXT,
    "currency" TEXT,
    "balance" DECIMAL,
    "institution" TEXT,
    "available_balance" DECIMAL,
    "overdraft_limit" DECIMAL,
    "status" TEXT,

    CONSTRAINT "bank_accounts_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "customers" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "customer_name" TEXT,
    "contact_name" TEXT,
    "email_address" TEXT,
    "phone" TEXT,
    "registration_number" TEXT,
    "tax_number" TEXT,
    "default_currency" TEXT,
    "status" TEXT,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "suppliers" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "supplier_name" TEXT,
    "contact_name" TEXT,
    "email_address" TEXT,
    "phone" TEXT,
    "registration_number" TEXT,
    "tax_number" TEXT,
    "default_currency" TEXT,
    "status" TEXT,

    CONSTRAINT "suppliers_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "invoices" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "invoice_number" TEXT,
    "customer_id" TEXT,
    "customer_name" TEXT,
    "issue_date" TIMESTAMP(0),
    "due_date" TIMESTAMP(0),
    "paid_on_date" TIMESTAMP(0),
    "currency" TEXT,
    "currency_rate" DECIMAL,
    "sub_total" DECIMAL,
    "total_discount" DECIMAL,
    "total_tax_amount" DECIMAL,
    "total_amount" DECIMAL,
    "amount_due" DECIMAL,
    "status" TEXT,
    "note" TEXT,

    CONSTRAINT "invoices_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "bills" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "reference" TEXT,
    "supplier_id" TEXT,
    "supplier_name" TEXT,
    "issue_date" TIMESTAMP(0),
    "due_date" TIMESTAMP(0),
    "currency" TEXT,
    "currency_rate" DECIMAL,
    "sub_total" DECIMAL,
    "tax_amount" DECIMAL,
    "total_amount" DECIMAL,
    "amount_due" DECIMAL,
    "status" TEXT,
    "note" TEXT,

    CONSTRAINT "bills_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "payments" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "customer_id" TEXT,
    "customer_name" TEXT,
    "account_id" TEXT,
    "account_name" TEXT,
    "date" TIMESTAMP(0),
    "currency" TEXT,
    "currency_rate" DECIMAL,
    "total_amount" DECIMAL,
    "reference" TEXT,
    "note" TEXT,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "bill_payments" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "supplier_id" TEXT,
    "supplier_name" TEXT,
    "account_id" TEXT,
    "account_name" TEXT,
    "date" TIMESTAMP(0),
    "currency" TEXT,
    "currency_rate" DECIMAL,
    "total_amount" DECIMAL,
    "reference" TEXT,
    "note" TEXT,

    CONSTRAINT "bill_payments_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "items" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT,
    "code" TEXT,
    "item_status" TEXT,
    "type" TEXT,
    "is_bill_item" BOOLEAN,
    "bill_unit_price" DECIMAL,
    "is_invoice_item" BOOLEAN,
    "invoice_unit_price" DECIMAL,

    CONSTRAINT "items_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateTable
CREATE TABLE "tax_rates" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "document" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_at" TIMESTAMPTZ(3),
    "is_deleted" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT,
    "code" TEXT,
    "status" TEXT,
    "effective_tax_rate" DECIMAL,
    "total_tax_rate" DECIMAL,

    CONSTRAINT "tax_rates_pkey" PRIMARY KEY ("company_id","connection_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");

-- CreateIndex
CREATE INDEX "api_keys_client_id_idx" ON "api_keys"("client_id");

-- CreateIndex
CREATE INDEX "companies_client_id_created_at_id_idx" ON "companies"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "connections_company_id_created_at_id_idx" ON "connections"("company_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "connections_client_id_idx" ON "connections"("client_id");

-- CreateIndex
CREATE INDEX "connection_errors_connection_id_errored_at_idx" ON "connection_errors"("connection_id", "errored_at");

-- CreateIndex
CREATE INDEX "connection_credentials_expires_at_idx" ON "connection_credentials"("expires_at");

-- CreateIndex
CREATE INDEX "link_states_connection_id_idx" ON "link_states"("connection_id");

-- CreateIndex
CREATE INDEX "link_states_expires_at_idx" ON "link_states"("expires_at");

-- CreateIndex
CREATE INDEX "consents_connection_id_idx" ON "consents"("connection_id");

-- CreateIndex
CREATE INDEX "datasets_next_run_at_idx" ON "datasets"("next_run_at");

-- CreateIndex
CREATE INDEX "pull_operations_company_id_requested_at_id_idx" ON "pull_operations"("company_id", "requested_at" DESC, "id");

-- CreateIndex
CREATE INDEX "pull_operations_connection_id_data_type_requested_at_idx" ON "pull_operations"("connection_id", "data_type", "requested_at" DESC);

-- CreateIndex
CREATE INDEX "quarantined_records_run_id_idx" ON "quarantined_records"("run_id");

-- CreateIndex
CREATE INDEX "data_warnings_run_id_id_idx" ON "data_warnings"("run_id", "id");

-- CreateIndex
CREATE INDEX "data_warnings_company_id_idx" ON "data_warnings"("company_id");

-- CreateIndex
CREATE INDEX "upstream_requests_run_id_id_idx" ON "upstream_requests"("run_id", "id");

-- CreateIndex
CREATE INDEX "upstream_requests_company_id_idx" ON "upstream_requests"("company_id");

-- CreateIndex
CREATE INDEX "upstream_requests_started_at_idx" ON "upstream_requests"("started_at");

-- CreateIndex
CREATE INDEX "company_info_company_id_connection_id_modified_at_idx" ON "company_info"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "company_info_company_id_connection_id_seq_key" ON "company_info"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "accounts_company_id_connection_id_modified_at_idx" ON "accounts"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_company_id_connection_id_seq_key" ON "accounts"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "bank_accounts_company_id_connection_id_modified_at_idx" ON "bank_accounts"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "bank_accounts_company_id_connection_id_seq_key" ON "bank_accounts"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "customers_company_id_connection_id_modified_at_idx" ON "customers"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "customers_company_id_connection_id_seq_key" ON "customers"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "suppliers_company_id_connection_id_modified_at_idx" ON "suppliers"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "suppliers_company_id_connection_id_seq_key" ON "suppliers"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "invoices_company_id_connection_id_modified_at_idx" ON "invoices"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "invoices_company_id_connection_id_seq_key" ON "invoices"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "bills_company_id_connection_id_modified_at_idx" ON "bills"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "bills_company_id_connection_id_seq_key" ON "bills"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "payments_company_id_connection_id_modified_at_idx" ON "payments"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "payments_company_id_connection_id_seq_key" ON "payments"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "bill_payments_company_id_connection_id_modified_at_idx" ON "bill_payments"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "bill_payments_company_id_connection_id_seq_key" ON "bill_payments"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "items_company_id_connection_id_modified_at_idx" ON "items"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "items_company_id_connection_id_seq_key" ON "items"("company_id", "connection_id", "seq");

-- CreateIndex
CREATE INDEX "tax_rates_company_id_connection_id_modified_at_idx" ON "tax_rates"("company_id", "connection_id", "modified_at");

-- CreateIndex
CREATE UNIQUE INDEX "tax_rates_company_id_connection_id_seq_key" ON "tax_rates"("company_id", "connection_id", "seq");

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "client_usage" ADD CONSTRAINT "client_usage_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "client_integrations" ADD CONSTRAINT "client_integrations_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "companies" ADD CONSTRAINT "companies_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "companies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_errors" ADD CONSTRAINT "connection_errors_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_credentials" ADD CONSTRAINT "connection_credentials_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_states" ADD CONSTRAINT "link_states_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consents" ADD CONSTRAINT "consents_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "client_sync_settings" ADD CONSTRAINT "client_sync_settings_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "company_sync_settings" ADD CONSTRAINT "company_sync_settings_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "companies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "datasets" ADD CONSTRAINT "datasets_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pull_operations" ADD CONSTRAINT "pull_operations_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One active run per data type of a connection: what makes a repeated sync request return the run that is under way.
CREATE UNIQUE INDEX "pull_operations_active_key" ON "pull_operations"("connection_id", "data_type") WHERE "completed_at" IS NULL;

-- The sweeper looks at active runs only, however long the history is.
CREATE INDEX "pull_operations_active_lease_idx" ON "pull_operations"("lease_until") WHERE "completed_at" IS NULL;

-- Admission: the next waiting run of a client, and how many of its runs are admitted, cost the same however many wait.
CREATE INDEX "pull_operations_waiting_idx" ON "pull_operations"("client_id", "priority", "requested_at") WHERE "completed_at" IS NULL AND "enqueued_at" IS NULL;
CREATE INDEX "pull_operations_admitted_idx" ON "pull_operations"("client_id", "connection_id") WHERE "completed_at" IS NULL AND "enqueued_at" IS NOT NULL;
