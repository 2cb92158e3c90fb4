import { instantText } from '@tributary/model';
import { z } from 'zod';
import { pagingQuery } from '../http/paging.ts';
import { storedText } from '../http/text.ts';
import { uuidParameter } from '../http/validation.ts';
import { connection, connectionFields } from './connections.ts';

const longestName = 200;
const longestDescription = 2000;
const longestTag = 100;
const mostTags = 50;

const tags = z
  .record(storedText({ maximum: longestTag }), storedText({ maximum: longestTag, blank: true }))
  .refine((value) => Object.keys(value).length <= mostTags, { error: `must be at most ${mostTags}` });

const name = storedText({ maximum: longestName });
const description = storedText({ maximum: longestDescription, blank: true });

const companyStatus = z.enum(['Blank', 'PendingAuth', 'Linked', 'Deauthorised']);

const companyReference = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string().optional(),
    tags: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'CompanyReference' });

export type CompanyReference = z.output<typeof companyReference>;

export const company = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string().optional(),
    platform: z.string().describe('Key of the platform that decided the status; empty while there is none.'),
    status: companyStatus,
    redirect: z.url().describe('Hosted Link page on which the small business picks its platform.'),
    linkUrl: z.url().optional().describe('Link of the first connection.'),
    lastSync: instantText.optional(),
    created: instantText,
    createdByUserName: z.string().optional(),
    products: z.array(z.string()).describe('Labels of the client’s own that are switched on.'),
    tags: z.record(z.string(), z.string()).optional(),
    referenceParentCompany: companyReference.optional().describe('The company that controls this one.'),
    referenceSubsidiaryCompanies: z.array(companyReference).describe('Companies that this one controls.'),
    dataConnections: z.array(connection),
  })
  .meta({ id: 'Company', description: 'A small business.' });

export type Company = z.output<typeof company>;

/** Properties that `query` and `orderBy` can name. */
export const companyFields = company.omit({ redirect: true, linkUrl: true }).extend({
  referenceParentCompany: companyReference.omit({ tags: true }),
  referenceSubsidiaryCompanies: z.array(companyReference.omit({ tags: true })),
  dataConnections: z.array(connectionFields),
});

const parent = z
  .object({ id: uuidParameter }, { error: 'must be {"id": …} of a company, or null' })
  .nullish()
  .describe('The company that controls this one.');

export const newCompany = z
  .object({
    name,
    description: description.nullish(),
    tags: tags.nullish(),
    referenceParentCompany: parent,
    platformType: z
      .string({ error: 'must be text' })
      .nullish()
      .describe('Key (or older word, such as `kashoo`) of an integration to connect at once.'),
  })
  .meta({ id: 'CreateCompany' });

export const replacedCompany = newCompany.omit({ platformType: true }).meta({ id: 'ReplaceCompany' });

export const replacedCompanyWithId = replacedCompany
  .extend({ id: uuidParameter })
  .meta({ id: 'ReplaceCompanyWithId' });

export const companyUpdate = z
  .object({
    name: name.nullish(),
    description: description.nullish(),
    tags: tags.nullish(),
    referenceParentCompany: parent,
  })
  .optional()
  .meta({ id: 'UpdateCompany', description: 'What is left out, or null, stays as it is.' });

export const companiesQuery = pagingQuery.extend({
  tags: z.string().optional().describe('Filter by tags, such as `region=uk && team=invoice-finance`.'),
});
