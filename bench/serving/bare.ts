/**
 * The floor of serving: a Fastify route that runs one statement and joins the documents. It knows no key, no quota, no log and no
 * other route; what an answer of the API costs beyond this is what the house costs.
 *
 * Beside it, the route that a user of Prisma would write: `findMany` and `count`.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { fastify } from 'fastify';
import pg from 'pg';
