import { useParams } from 'react-router';
import { Page } from '../ui/page.tsx';

/** Everything below `/companies/:companyId`. */
export default function CompanyPages() {
  const { companyId } = useParams();
  return (
    <Page title="Company" trail={[{ label: 'Companies', to: '/companies' }]}>
      {companyId}
    </Page>
  );
}
