-- Invoices of one customer, likewise.
CREATE INDEX CONCURRENTLY "invoices_by_customer_idx" ON "invoices"("company_id", "connection_id", "customer_id", "seq", "status", "issue_date", "total_amount", "amount_due", "is_deleted");
