-- A connection belongs to one company. Unless told so, the planner takes the two for independent, expects next to nothing to match,
-- and any index looks as good as any other.
CREATE STATISTICS "invoices_scope" (dependencies) ON "company_id", "connection_id" FROM "invoices";
