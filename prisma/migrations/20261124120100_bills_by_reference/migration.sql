-- Bills by their reference, likewise, which a supplier should give once.
CREATE INDEX CONCURRENTLY "bills_by_reference_idx" ON "bills"("company_id", "connection_id", left("reference", 100), "seq");
