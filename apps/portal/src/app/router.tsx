import { createBrowserRouter, type RouteObject } from 'react-router';
import { NotFound } from '../shell/not-found.tsx';
import { PageError } from '../shell/page-error.tsx';
import { SignedIn } from '../shell/signed-in.tsx';
import { Waiting } from '../shell/waiting.tsx';

/** A page in a file of its own, which is read when somebody goes there. */
function page(load: () => Promise<{ default: React.ComponentType }>): Pick<RouteObject, 'lazy'> {
  return { lazy: async () => ({ Component: (await load()).default }) };
}

const signedIn: RouteObject[] = [
  { index: true, ...page(() => import('../pages/home/index.tsx')) },
  { path: 'companies/:companyId/*', ...page(() => import('../company/index.tsx')) },
  { path: '*', element: <NotFound /> },
];

export function createRouter() {
  const errorElement = <PageError />;
  return createBrowserRouter(
    [
      { path: '/signIn', errorElement, ...page(() => import('../pages/sign-in/index.tsx')) },
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
