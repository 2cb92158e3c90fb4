-- AlterTable
ALTER TABLE "clients" ADD COLUMN     "allowed_origins" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "companies" ADD COLUMN     "parent_id" UUID,
ADD COLUMN     "products" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "datasets" ADD COLUMN     "supplemental_version" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "push_operations" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "data_type" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'Pending',
    "status_code" INTEGER NOT NULL DEFAULT 202,
    "error_message" TEXT,
    "changes" JSONB,
    "validation" JSONB,
    "timeout_in_minutes" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "push_operations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "client_id" UUID NOT NULL,
    "id" BYTEA NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "holder" UUID NOT NULL,
    "held_until" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("client_id","id")
);

-- CreateTable
CREATE TABLE "supplemental_data_configs" (
    "client_id" UUID NOT NULL,
    "platform_key" TEXT NOT NULL,
    "data_type" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "supplemental_data_configs_pkey" PRIMARY KEY ("client_id","platform_key","data_type")
);

-- CreateTable
CREATE TABLE "custom_data_types" (
    "client_id" UUID NOT NULL,
    "platform_key" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "custom_data_types_pkey" PRIMARY KEY ("client_id","platform_key","identifier")
);

-- CreateTable
CREATE TABLE "custom_data_records" (
    "company_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "identifier" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "content" JSON NOT NULL,
    "content_hash" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "source_modified_date" TEXT,
    "run_id" UUID NOT NULL,

    CONSTRAINT "custom_data_records_pkey" PRIMARY KEY ("company_id","connection_id","identifier","id")
);

-- CreateIndex
CREATE INDEX "push_operations_company_id_created_at_id_idx" ON "push_operations"("company_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "push_operations_connection_id_idx" ON "push_operations"("connection_id");

-- CreateIndex
CREATE INDEX "idempotency_keys_expires_at_idx" ON "idempotency_keys"("expires_at");

-- CreateIndex
CREATE INDEX "custom_data_records_company_id_connection_id_identifier_seq_idx" ON "custom_data_records"("company_id", "connection_id", "identifier", "seq");

-- AddForeignKey
ALTER TABLE "companies" ADD CONSTRAINT "companies_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "companies"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "push_operations" ADD CONSTRAINT "push_operations_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supplemental_data_configs" ADD CONSTRAINT "supplemental_data_configs_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "custom_data_types" ADD CONSTRAINT "custom_data_types_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;
