-- Invoices of a time, or ordered by it. Behind `seq`, which is unique, stands what else lenders filter and sort by, so that such lists
-- are found, counted and sorted without touching the documents.
CREATE INDEX CONCURRENTLY "invoices_by_issue_date_idx" ON "invoices"("company_id", "connection_id", "issue_date", "seq", "status", "customer_id", "total_amount", "amount_due", "is_deleted");
