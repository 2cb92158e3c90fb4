import { AppShell, Burger, Group, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { Outlet, useNavigation } from 'react-router';
import type { Session } from '../api/types.ts';
import { useTour } from '../tour/tour.ts';
import { Brand } from './brand.tsx';
import { Navigation } from './navigation.tsx';
import classes from './shell.module.css';
import { UserMenu } from './user-menu.tsx';
import { Waiting } from './waiting.tsx';

const TourBar = lazy(() => import('../tour/tour-bar.tsx'));

/** The frame of every page: where one is, where one can go, and who one is. */
export function Shell({ session }: { session: Session }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const tour = useTour();
  const isLeaving = useNavigation().state === 'loading';
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 236, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'xl' }}
      classNames={{ header: classes['header'], navbar: classes['navbar'] }}
    >
      <a href="#content" className={classes['skip']}>
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? 'Close navigation' : 'Open navigation'}
              aria-expanded={isOpen}
            />
            <Brand />
            <Text c="dimmed" size="sm" truncate visibleFrom="xs" className={classes['client']}>
              <bdi>{session.client.name}</bdi>
            </Text>
          </Group>
          <UserMenu session={session} />
        </Group>
        {isLeaving && <div className={classes['progress']} aria-hidden />}
      </AppShell.Header>
      <AppShell.Navbar aria-label="Main">
        <AppShell.Section grow component={ScrollArea} p="sm">
          <Navigation onChoose={close} />
        </AppShell.Section>
      </AppShell.Navbar>
      {tour.isOn && (
        <Suspense>
          <TourBar onEnd={tour.end} />
        </Suspense>
      )}
      <AppShell.Main id="content" tabIndex={-1} className={classes['main']}>
        <div className={classes['content']}>
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </div>
      </AppShell.Main>
    </AppShell>
  );
}
