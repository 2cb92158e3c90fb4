-- Invoices of one status, in the order of storing. `is_deleted` is looked at with nearly every filter.
CREATE INDEX CONCURRENTLY "invoices_by_status_idx" ON "invoices"("company_id", "connection_id", "status", "seq", "is_deleted");
