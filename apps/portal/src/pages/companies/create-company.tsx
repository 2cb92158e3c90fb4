import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useRef } from 'react';
import { useCreateCompany } from '../../api/companies.ts';
import { asProblem } from '../../api/errors.ts';
import type { Company } from '../../api/types.ts';
import { toastDone } from '../../app/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';

const longestName = 200;
const longestDescription = 2000;

export function CreateCompany(props: {
  opened: boolean;
  onClose: () => void;
  onCreated: (company: Company) => void;
}) {
  const { opened, onClose, onCreated } = props;
  return (
    <Dialog opened={opened} onClose={onClose} title="New company">
      {opened && <CompanyForm onClose={onClose} onCreated={onCreated} />}
    </Dialog>
  );
}

function CompanyForm({ onClose, onCreated }: { onClose: () => void; onCreated: (company: Company) => void }) {
  const create = useCreateCompany();
  // A second attempt after an answer that got lost finds the company of the first, instead of making another.
  const attempt = useRef({ text: '', key: '' });
  const form = useForm({
    initialValues: { name: '', description: '' },
    validate: { name: (name) => (name.trim() === '' ? 'Enter the name of the business.' : null) },
  });
  const submit = form.onSubmit(({ name, description }) => {
    if (create.isPending) return;
    const body = { name: name.trim(), ...(description.trim() && { description: description.trim() }) };
    const text = JSON.stringify(body);
    if (attempt.current.text !== text) attempt.current = { text, key: crypto.randomUUID() };
    create.mutate(
      { ...body, idempotencyKey: attempt.current.key },
      {
        onSuccess: (company) => {
          toastDone(`${company.name} was created. Send it its link.`);
          onCreated(company);
        },
        onError: (error) => {
          const problem = asProblem(error).fieldProblem('name');
          if (problem) form.setFieldError('name', `The name ${problem}`);
        },
      },
    );
  });
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {create.isError && <Problem error={create.error} />}
        <TextInput
          label="Name"
          description="As you know the business. You can change it later."
          required
          maxLength={longestName}
          dir="auto"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Textarea
          label="Description"
          description="For yourself: a customer number, who looks after it."
          autosize
          minRows={2}
          maxRows={6}
          maxLength={longestDescription}
          dir="auto"
          {...form.getInputProps('description')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create company
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
