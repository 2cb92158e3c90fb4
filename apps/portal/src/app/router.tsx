import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { NotFound } from '../shell/not-found.tsx';
import { PageError } from '../shell/page-error.tsx';
import { SignedIn } from '../shell/signed-in.tsx';
import { Waiting } from '../shell/waiting.tsx';

/** A page in a file of its own, which is read when somebody goes there. */
function page(load: () => Promise<{ default: React.ComponentType }>): Pick<RouteObject, 'lazy'> {
  return { lazy: async () => ({ Component: (await load()).default }) };
}

const settings: RouteObject[] = [
  { index: true, element: <Navigate to="apiKeys" replace /> },
  { path: 'apiKeys', ...page(() => import('../pages/settings/api-keys.tsx')) },
  { path: 'link', ...page(() => import('../pages/settings/link.tsx')) },
  { path: 'webhooks', ...page(() => import('../pages/settings/webhooks.tsx')) },
  { path: 'webhooks/:webhookId', ...page(() => import('../pages/settings/webhook.tsx')) },
  { path: 'sync', ...page(() => import('../pages/settings/sync.tsx')) },
  { path: 'users', ...page(() => import('../pages/settings/users.tsx')) },
  { path: 'audit', ...page(() => import('../pages/settings/audit.tsx')) },
];

const signedIn: RouteObject[] = [
  { index: true, ...page(() => import('../pages/home/index.tsx')) },
  { path: 'companies', ...page(() => import('../pages/companies/index.tsx')) },
  { path: 'companies/:companyId/*', ...page(() => import('../company/index.tsx')) },
  { path: 'integrations', ...page(() => import('../pages/integrations/index.tsx')) },
  { path: 'integrations/:platformKey', ...page(() => import('../pages/integrations/integration.tsx')) },
  { path: 'settings', ...page(() => import('../pages/settings/index.tsx')), children: settings },
  { path: 'account', ...page(() => import('../pages/account/index.tsx')) },
  { path: '*', element: <NotFound /> },
];

export function createRouter() {
  const errorElement = <PageError />;
  return createBrowserRouter(
    [
      { path: '/signIn', errorElement, ...page(() => import('../pages/sign-in/index.tsx')) },
      { path: '/invitations/:token', errorElement, ...page(() => import('../pages/invitation/index.tsx')) },
      {
        element: <SignedIn />,
        errorElement,
        hydrateFallbackElement: <Waiting />,
        children: [{ errorElement, children: signedIn }],
      },
    ],
    { basename: '/portal' },
  );
}
