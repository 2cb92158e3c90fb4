import { useDeleteCompany } from '../../api/companies.ts';
import type { Company } from '../../api/types.ts';
import { toastDone } from '../../app/toasts.ts';
import { TypedConfirmation } from '../../ui/typed-confirmation.tsx';

/** Asks before a company is erased; shown as long as it stands in the page. */
export function DeleteCompany(props: { company: Company; onClose: () => void; onDeleted: () => void }) {
  const { company, onClose, onDeleted } = props;
  const erase = useDeleteCompany(company.id);
  return (
    <TypedConfirmation
      opened
      onClose={onClose}
      title="Delete company"
      name={company.name}
      confirm="Delete for good"
      isPending={erase.isPending}
      error={erase.error}
      onConfirm={() =>
        erase.mutate(undefined, {
          onSuccess: () => {
            toastDone('The company was deleted.');
            onDeleted();
          },
        })
      }
    >
      Everything that was read from this company is erased, its connections end, and its link stops working.
      This cannot be undone.
    </TypedConfirmation>
  );
}
