import { expect, test } from 'vitest';
import type { FirstRun } from '../pages/home/summary.ts';
import { currentStep } from './steps.ts';

const nothing: FirstRun = {
  integrationSetUp: false,
  companyCreated: false,
  companyLinked: false,
  dataSynced: false,
  apiKeyUsed: false,
  webhookCreated: false,
};

test('the tour goes to the first step that is not done, wherever somebody went before', () => {
  expect(currentStep(nothing)).toMatchObject({ number: 1, of: 4, step: { title: 'Set up Kashoo' } });
  expect(currentStep({ ...nothing, companyCreated: true }).number).toBe(1);
  const linked = { ...nothing, integrationSetUp: true, companyCreated: true };
  expect(currentStep(linked).step.title).toBe('Link it, as the business would');
  expect(currentStep({ ...linked, companyLinked: true, dataSynced: true })).toMatchObject({
    number: 5,
    step: { title: 'You have data' },
  });
});
