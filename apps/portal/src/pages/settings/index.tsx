import { Link, Outlet, useLocation } from 'react-router';
import { type Permission, useRefusal } from '../../api/permissions.ts';
import classes from './settings.module.css';

const places: readonly { to: string; label: string; permission?: Permission }[] = [
  { to: 'apiKeys', label: 'API keys' },
  { to: 'link', label: 'Link' },
  { to: 'webhooks', label: 'Webhooks' },
  { to: 'sync', label: 'Sync' },
  { to: 'users', label: 'Users', permission: 'seeUsers' },
  { to: 'audit', label: 'Audit log', permission: 'seeUsers' },
];

/** The settings, one beside the other. */
export default function SettingsLayout() {
  const { pathname } = useLocation();
  const maySeeUsers = useRefusal('seeUsers') === undefined;
  return (
    <div className={classes['layout']}>
      <nav aria-label="Settings">
        <ul className={classes['places']}>
          {places
            .filter(({ permission }) => permission === undefined || maySeeUsers)
            .map(({ to, label }) => {
              const path = `/settings/${to}`;
              const isHere = pathname === path || pathname.startsWith(`${path}/`);
              return (
                <li key={to}>
                  <Link to={path} className={classes['place']} aria-current={isHere ? 'page' : undefined}>
                    {label}
                  </Link>
                </li>
              );
            })}
        </ul>
      </nav>
      <div className={classes['content']}>
        <Outlet />
      </div>
    </div>
  );
}
