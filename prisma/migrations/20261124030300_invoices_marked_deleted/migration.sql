-- The few invoices that are marked deleted, in the order of storing.
CREATE INDEX CONCURRENTLY "invoices_marked_deleted_idx"
  ON "invoices"("company_id", "connection_id", "seq") WHERE "is_deleted";
