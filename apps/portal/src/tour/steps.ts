import type { FirstRun } from '../pages/home/summary.ts';

export interface TourStep {
  readonly title: string;
  readonly words: string;
  /** Where it is done. */
  readonly to: string;
  readonly action: string;
}

const steps: readonly (TourStep & { readonly done: keyof FirstRun })[] = [
  {
    done: 'integrationSetUp',
    title: 'Set up Kashoo',
    words:
      'Go to Integrations, Accounting, Manage beside Kashoo. Paste the client ID “sandbox” and the client secret “sandbox-secret”, save, and turn the switch to Enabled.',
    to: '/integrations/ksho',
    action: 'Go to Kashoo',
  },
  {
    done: 'companyCreated',
    title: 'Create a test company',
    words: 'Press New company and give it a name, such as “Corner Bakery”.',
    to: '/companies',
    action: 'Go to companies',
  },
  {
    done: 'companyLinked',
    title: 'Link it, as the business would',
    words:
      'Press View Link URL beside the company and open the link in a new tab. Choose Kashoo and allow access; the sandbox has books ready.',
    to: '/companies',
    action: 'Go to companies',
  },
  {
    done: 'dataSynced',
    title: 'Wait for the first read',
    words:
      'It has begun by itself and takes some seconds. Open the company and watch its data types come in.',
    to: '/companies',
    action: 'Go to companies',
  },
];

const end: TourStep = {
  title: 'You have data',
  words:
    'Open the company to look at its books. The home page has what is left: an API key for your own system, and webhooks.',
  to: '/companies',
  action: 'Look at the data',
};

/** The step that is next, and its number; the end once all are done. */
export function currentStep(firstRun: FirstRun): { step: TourStep; number: number; of: number } {
  const index = steps.findIndex(({ done }) => !firstRun[done]);
  const step = steps[index];
  const of = steps.length;
  return step ? { step, number: index + 1, of } : { step: end, number: of + 1, of };
}
