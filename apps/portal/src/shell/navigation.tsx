import { NavLink } from '@mantine/core';
import { IconBuildingStore, IconHome, IconPlugConnected, IconSettings } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';

const places = [
  { to: '/', label: 'Home', icon: IconHome },
  { to: '/companies', label: 'Companies', icon: IconBuildingStore },
  { to: '/integrations', label: 'Integrations', icon: IconPlugConnected },
  { to: '/settings', label: 'Settings', icon: IconSettings },
] as const;

/** Whether the place is the page, or the page lies below it. */
function isHere(to: string, pathname: string): boolean {
  return to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`);
}

/** @param props.onChoose closes the drawer of narrow screens */
export function Navigation({ onChoose }: { onChoose: () => void }) {
  const { pathname } = useLocation();
  return (
    <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 2 }}>
      {places.map(({ to, label, icon: Icon }) => (
        <li key={to}>
          <NavLink
            component={Link}
            to={to}
            label={label}
            onClick={onChoose}
            leftSection={<Icon size={20} stroke={1.6} aria-hidden />}
            active={isHere(to, pathname)}
            aria-current={isHere(to, pathname) ? 'page' : undefined}
            fw={500}
            style={{ borderRadius: 'var(--mantine-radius-md)' }}
          />
        </li>
      ))}
    </ul>
  );
}
