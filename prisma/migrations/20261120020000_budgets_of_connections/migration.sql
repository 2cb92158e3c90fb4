-- Budgets of connections carried no reference to them: they are made again at the next call.
DELETE FROM "rate_budgets" WHERE "key" LIKE '%/connection/%';

-- AlterTable
ALTER TABLE "rate_budgets" ADD COLUMN     "connection_id" UUID;

-- CreateIndex
CREATE INDEX "rate_budgets_connection_id_idx" ON "rate_budgets"("connection_id");

-- AddForeignKey
ALTER TABLE "rate_budgets" ADD CONSTRAINT "rate_budgets_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;
