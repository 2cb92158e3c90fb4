import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { Link, useLocation, useNavigationType } from 'react-router';
import classes from './page.module.css';

/** Key of the location with which the visit, or the reload, began: there the browser's own start is right. */
export const FirstLocation = createContext<string>('default');

interface PageProps {
  /** Heading of the page, and the beginning of its title. */
  title: string;
  /** One sentence below the heading. */
  lead?: ReactNode;
  /** Buttons beside the heading. */
  actions?: ReactNode;
  /** The way here, nearest last. */
  trail?: readonly { label: string; to: string }[];
  children: ReactNode;
}

/** A page of the portal: sets the document's title, and takes the focus when the reader has come here by a link. */
export function Page({ title, lead, actions, trail = [], children }: PageProps) {
  const heading = useArrival(title);
  return (
    <Stack gap="lg">
      {trail.length > 0 && (
        <Breadcrumbs component="nav" aria-label="Breadcrumbs" separatorMargin="xs">
          {trail.map(({ label, to }) => (
            <Anchor key={to} component={Link} to={to} size="sm">
              {label}
            </Anchor>
          ))}
          <Text size="sm" c="dimmed" className={classes['crumb']} aria-current="page">
            {title}
          </Text>
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <div className={classes['heading']}>
          <Title order={1} size="h2" ref={heading} tabIndex={-1} className={classes['title']}>
            <bdi>{title}</bdi>
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" mt={4} maw="70ch">
              {lead}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** Names the document, and moves the focus to the heading after a change of route. */
function useArrival(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const firstKey = useContext(FirstLocation);
  const arrivedBy = useNavigationType();
  useEffect(() => {
    document.title = `${title} · Tributary`;
  }, [title]);
  useEffect(() => {
    if (key !== firstKey && arrivedBy !== 'REPLACE') heading.current?.focus({ preventScroll: true });
  }, [key, firstKey, arrivedBy]);
  return heading;
}
