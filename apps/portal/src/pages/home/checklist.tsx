import { Badge, Button, Progress, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Section } from '../../ui/section.tsx';
import classes from './home.module.css';
import type { FirstRun } from './summary.ts';

interface Step {
  readonly done: keyof FirstRun;
  readonly title: string;
  readonly words: string;
  readonly to: string;
  readonly action: string;
}

const steps: readonly Step[] = [
  {
    done: 'integrationSetUp',
    title: 'Set up an integration',
    words: 'Save the keys of your application at an accounting platform, and enable it.',
    to: '/integrations',
    action: 'Open integrations',
  },
  {
    done: 'companyCreated',
    title: 'Create a company',
    words: 'One for each business whose books you want to read. Begin with a test company.',
    to: '/companies',
    action: 'Open companies',
  },
  {
    done: 'companyLinked',
    title: 'Have it linked',
    words: 'Open the company’s Link URL yourself with a trial account, or send it to the business.',
    to: '/companies',
    action: 'View a Link URL',
  },
  {
    done: 'dataSynced',
    title: 'Look at the data',
    words:
      'The first read begins by itself when a company has linked. Its pages show the books as they come in.',
    to: '/companies',
    action: 'Open companies',
  },
  {
    done: 'apiKeyUsed',
    title: 'Read it from your own system',
    words: 'Make an API key and call the API with it; the reference has every route.',
    to: '/settings/apiKeys',
    action: 'Open API keys',
  },
  {
    done: 'webhookCreated',
    title: 'Be told instead of asking',
    words: 'Register a webhook, and your system hears of linked companies and new data.',
    to: '/settings/webhooks',
    action: 'Open webhooks',
  },
];

/** The way from nothing to data. Gone once all of it is done. */
export function Checklist({ firstRun }: { firstRun: FirstRun }) {
  const done = steps.filter((step) => firstRun[step.done]).length;
  if (done === steps.length) return null;
  const next = steps.find((step) => !firstRun[step.done]);
  return (
    <Section
      title="From nothing to data"
      description="What there is to do, in this order. Each step is ticked when it has happened."
      actions={
        <Text size="sm" c="dimmed" className="figures">
          {done} of {steps.length} done
        </Text>
      }
    >
      <Progress value={(done / steps.length) * 100} size="sm" aria-label="Steps done" />
      <ol className={classes['steps']}>
        {steps.map((step, index) => {
          const isDone = firstRun[step.done];
          return (
            <li key={step.done} className={classes['step']} data-done={isDone || undefined}>
              <span className={classes['mark']} aria-hidden>
                {isDone ? <IconCheck size={16} stroke={2.5} /> : index + 1}
              </span>
              <div className={classes['words']}>
                <Text fw={600}>
                  {step.title}
                  {isDone && (
                    <Badge ml={8} size="sm" variant="light" color="green" tt="none">
                      Done
                    </Badge>
                  )}
                </Text>
                {!isDone && (
                  <Text size="sm" c="dimmed">
                    {step.words}
                  </Text>
                )}
              </div>
              {!isDone && (
                <Button
                  component={Link}
                  to={step.to}
                  variant={step === next ? 'filled' : 'default'}
                  size="sm"
                >
                  {step.action}
                </Button>
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
