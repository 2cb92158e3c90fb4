import { useSession } from '../../api/session.ts';
import { Page } from '../../ui/page.tsx';

export default function HomePage() {
  const { client } = useSession();
  return <Page title="Home">{client.name}</Page>;
}
