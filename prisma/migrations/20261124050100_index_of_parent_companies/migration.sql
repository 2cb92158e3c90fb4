-- Alone, and without a lock: companies may be many.
CREATE INDEX CONCURRENTLY "companies_parent_id_idx" ON "companies"("parent_id");
