/** Payloads of events, as Codat's specification describes them. What has no value is left out. */
import { instant } from '@tributary/model';
import type { CompanyFacts, ReadFacts } from '@tributary/store';

export function companyPayload(company: CompanyFacts, publicUrl: string) {
  return {
    id: company.id,
    name: company.name,
    ...(company.description !== null && { description: company.description }),
    redirect: `${publicUrl}/link/company/${company.id}`,
    ...(company.lastSyncAt !== null && { lastSync: instant(company.lastSyncAt) }),
    created: instant(company.createdAt),
    ...(company.createdBy !== null && { createdByUserName: company.createdBy }),
    ...(company.products.length > 0 && { products: [...company.products] }),
    ...(company.tags !== null && { tags: { ...company.tags } }),
  };
}

/** How other events name their company. */
export function companyReference(company: CompanyFacts, publicUrl: string) {
  return {
    id: company.id,
    name: company.name,
    ...(company.description !== null && { description: company.description }),
    links: { portal: `${publicUrl}/portal` },
    ...(company.tags !== null && { tags: { ...company.tags } }),
  };
}

interface ReadScope {
  readonly company: CompanyFacts;
  readonly connectionId: string;
  readonly publicUrl: string;
}

/** Of one pull, or of all pulls of a first sync. */
export function readPayload(reads: readonly ReadFacts[], scope: ReadScope) {
  const { company, publicUrl } = scope;
  const previous = reads.flatMap(({ previousAt }) => (previousAt === null ? [] : [previousAt.getTime()]));
  return {
    referenceCompany: companyReference(company, publicUrl),
    // Whatever changed in any of them has changed since then.
    ...(previous.length > 0 && { modifiedFromDate: instant(new Date(Math.min(...previous))) }),
    dataTypes: reads.map((read) => readSummary(read, scope)),
  };
}

function readSummary(read: ReadFacts, { company, connectionId, publicUrl }: ReadScope) {
  const companyUrl = `${publicUrl}/companies/${company.id}`;
  const issues = [
    ...(read.hasWarnings
      ? [
          {
            type: 'warning.validation',
            message: `Some records of ${read.dataType} look wrong or could not be read; the logs name them.`,
            links: { logs: `${companyUrl}/sync/${read.id}/validation` },
          },
        ]
      : []),
    ...(read.status === 'Complete'
      ? []
      : [
          {
            type: 'error.read',
            message: read.errorMessage ?? `The read of ${read.dataType} ended as ${read.status}.`,
            links: { logs: `${companyUrl}/data/history/${read.id}` },
          },
        ]),
  ];
  return {
    connectionId,
    dataType: read.dataType,
    recordsModified: read.hasModified,
    status: read.status,
    issues,
  };
}

/** One write to a platform, as its end is told. */
export interface EndedWrite {
  readonly id: string;
  readonly dataType: string;
  readonly type: 'Create' | 'Update' | 'Delete' | 'UploadAttachment';
  readonly connectionId: string;
  readonly requestedAt: Date;
  readonly completedAt: Date;
  readonly status: 'Success' | 'Failed' | 'TimedOut';
  /** Id of the record at the platform, where the platform gave one. */
  readonly recordId?: string;
  readonly attachmentId?: string;
}

export function writePayload(write: EndedWrite, company: CompanyFacts, publicUrl: string) {
  return {
    id: write.id,
    type: write.type,
    referenceCompany: companyReference(company, publicUrl),
    connectionId: write.connectionId,
    requestedOnDate: instant(write.requestedAt),
    completedOnDate: instant(write.completedAt),
    status: write.status,
    ...(write.recordId !== undefined && { record: { id: write.recordId } }),
    ...(write.attachmentId !== undefined && { attachmentId: write.attachmentId }),
  };
}

/** A product of a company that was switched on or off. */
export interface ProductChange {
  readonly productId: string;
  readonly productName: string;
  /** All that are on afterwards. */
  readonly products: readonly string[];
}

export function productPayload(company: CompanyFacts, change: ProductChange) {
  return {
    id: company.id,
    name: company.name,
    ...(company.description !== null && { description: company.description }),
    productId: change.productId,
    productName: change.productName,
    products: [...change.products],
  };
}

export function rateLimitPayload(quota: { limit: number; remaining: number; resetAtMs: number }) {
  return {
    dailyQuota: quota.limit,
    quotaRemaining: quota.remaining,
    expiryDate: instant(new Date(quota.resetAtMs)),
  };
}
