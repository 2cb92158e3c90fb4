-- Invoices by their number, which should be one invoice's alone. Numbers are free text: only so much of one as surely fits an index.
CREATE INDEX CONCURRENTLY "invoices_by_number_idx" ON "invoices"("company_id", "connection_id", left("invoice_number", 100), "seq");
