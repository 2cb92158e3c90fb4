import { Button, Text } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useTour } from '../../tour/tour.ts';
import { Section } from '../../ui/section.tsx';

/** Where the sandbox is on, everything can be tried without an account anywhere. */
export function TourOffer() {
  const { isOn, begin, end } = useTour();
  return (
    <Section
      title="Try it with the sandbox"
      description="This installation runs with a sandbox that stands in for the platforms. You can go the whole way, from nothing to data, without an account anywhere."
      actions={
        isOn ? (
          <Button variant="default" onClick={end}>
            End the tour
          </Button>
        ) : (
          <Button leftSection={<IconRoute size={16} aria-hidden />} variant="light" onClick={begin}>
            Take the tour
          </Button>
        )
      }
    >
      {isOn && (
        <Text size="sm" c="dimmed">
          The bar at the bottom tells the next step, and notices when it is done.
        </Text>
      )}
    </Section>
  );
}
