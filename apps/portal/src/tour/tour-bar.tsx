import { Button, CloseButton, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useSummary } from '../pages/home/summary.ts';
import { currentStep } from './steps.ts';
import classes from './tour-bar.module.css';

const refetchMs = 2000;

/** Tells the next step of the tour on every page, and notices when it is done. */
export default function TourBar({ onEnd }: { onEnd: () => void }) {
  const summary = useSummary({ refetchMs });
  if (summary.data === undefined) return null;
  const { step, number, of } = currentStep(summary.data.firstRun);
  const isEnd = number > of;
  return (
    <aside className={classes['bar']} aria-label="Tour">
      <div className={classes['words']} role="status">
        <Text size="sm" fw={650}>
          {isEnd ? '' : `Step ${number} of ${of}: `}
          {step.title}
        </Text>
        <Text size="sm">{step.words}</Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <Button component={Link} to={step.to} variant="white" size="xs" onClick={isEnd ? onEnd : undefined}>
          {step.action}
        </Button>
        <CloseButton variant="transparent" c="white" aria-label="End the tour" onClick={onEnd} />
      </Group>
    </aside>
  );
}
