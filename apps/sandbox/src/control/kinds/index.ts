import * as answers from './answers.ts';
import * as bodies from './bodies.ts';
import type { FaultKind } from './kind.ts';
import * as listings from './listings.ts';
import * as records from './records.ts';

/** Every fault that the sandbox can cause, by the name that a switch calls it. A new one is one entry here. */
export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  status: answers.status,
  rateLimited: answers.rateLimited,
  html: answers.html,
  delay: answers.delay,
  tokenExpired: answers.tokenExpired,
  accessRevoked: answers.accessRevoked,
  query: answers.query,
  clockSkew: answers.clockSkew,
  cut: bodies.cut,
  answerLost: bodies.answerLost,
  answerHeld: bodies.answerHeld,
  drip: bodies.drip,
  truncatedJson: bodies.truncatedJson,
  hugeBody: bodies.hugeBody,
  gzipBomb: bodies.gzipBomb,
  rewrite: bodies.rewrite,
  repeatedPage: listings.repeatedPage,
  endlessListing: listings.endlessListing,
  movingRows: listings.movingRows,
  duplicateRecords: listings.duplicateRecords,
  shortPage: listings.shortPage,
  malformedRecord: records.malformedRecord,
  hugeAmount: records.hugeAmount,
  unstorableText: records.unstorableText,
};
