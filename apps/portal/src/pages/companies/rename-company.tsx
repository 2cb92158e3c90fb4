import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useRenameCompany } from '../../api/companies.ts';
import type { Company } from '../../api/types.ts';
import { toastDone } from '../../app/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';

/** Asks for the new name; shown as long as it stands in the page. */
export function RenameCompany({ company, onClose }: { company: Company; onClose: () => void }) {
  const rename = useRenameCompany(company.id);
  const form = useForm({
    initialValues: { name: company.name },
    validate: { name: (name) => (name.trim() === '' ? 'Enter a name.' : null) },
  });
  const submit = form.onSubmit(({ name }) => {
    if (rename.isPending) return;
    rename.mutate(
      { name: name.trim() },
      {
        onSuccess: () => {
          toastDone('The company was renamed.');
          onClose();
        },
      },
    );
  });
  return (
    <Dialog opened onClose={onClose} title="Rename company">
      <form noValidate onSubmit={submit}>
        <Stack>
          {rename.isError && <Problem error={rename.error} />}
          <TextInput
            label="Name"
            required
            maxLength={200}
            dir="auto"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={rename.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
