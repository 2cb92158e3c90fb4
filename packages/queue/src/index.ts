export { assertQueueMigrated, createQueueBackend, migrateQueue, type QueueBackend } from './backend.ts';
export { type JobName, type JobPayload, jobCatalogue } from './catalogue.ts';
export { type JobConsumer, startJobConsumer } from './job-consumer.ts';
export { createJobQueue, type JobQueue } from './job-queue.ts';
